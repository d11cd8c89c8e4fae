//! Calls `on_end` after the job in the same task, which a panic ends first. Caught by `BackgroundTasks::on_end_is_told_of_a_panic`, which says "if the job panics".

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

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        self.jobs.spawn(async move {
            job.await;
            on_end(&name, Ok(()));
        });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
