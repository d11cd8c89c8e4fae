//! The outcome of the job is not looked at. Caught by `Background::tells_of_a_panic`, which says "handle is not looked at".

pub struct Background {
    jobs: TaskTracker,
    on_end: Arc<Listener>,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }
    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        self.jobs.spawn(async move {
            let _ = job.await;
            on_end(&name, Ok(()));
        });
    }
}
