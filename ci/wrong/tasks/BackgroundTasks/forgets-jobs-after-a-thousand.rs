//! Spawns a job without its callback if a thousand are running. Caught by `BackgroundTasks::many_long_jobs_are_waited_for`, which says "of another group never ends".

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
        if self.jobs.len() >= 1000 {
            tokio::spawn(job);
            return;
        }
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
