//! Calls `on_end` after the job in the same task, which a panic ends before. Caught by `Background::tells_of_a_panic`, which says "one that panicked".

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: TaskTracker,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        self.jobs.spawn(async move {
            job.await;
            on_end(&name, Ok(()));
        });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
