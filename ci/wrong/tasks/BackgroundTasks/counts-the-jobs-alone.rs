//! Counts the tasks of the jobs, and not those that call `on_end` a moment later. Caught by `BackgroundTasks::a_job_is_counted_until_on_end_is_called`, which says "has not been polled yet".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    callbacks: TaskTracker,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            callbacks: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = self.jobs.spawn(run_isolated(job));
        self.callbacks
            .spawn(async move { on_end(&name, job.await.unwrap()) });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.callbacks.close();
        self.callbacks.wait().await;
    }
}
