//! Ignores the result of the job's handle. Caught by `BackgroundTasks::on_end_is_told_of_a_panic`, which says "handle is ignored".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        self.jobs.spawn(async move {
            let _ = job.await;
            on_end(&name, Ok(()));
        });
    }
}
