//! Tracks the jobs, and not the calls of `on_end`. Caught by `BackgroundTasks::join_waits_for_a_callback_on_another_thread`, which says "waits for the jobs only".

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
        let job = self.jobs.track_future(run_isolated(job));
        tokio::spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
