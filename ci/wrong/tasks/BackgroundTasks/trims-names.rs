//! Trims the names. Caught by `BackgroundTasks::any_jobs_are_told_of_once`, which says "the first call that is not as it should be".

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = run_isolated(job);
        let name = name.trim().to_owned();
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }
    pub fn running(&self) -> usize {
        self.jobs.len()
    }
    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}
