//! `on_end` is not called for a job without a name. Caught by `BackgroundTasks::any_jobs_are_told_of_once`, which says "names =".

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
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let r = job.await;
            if !name.is_empty() {
                on_end(&name, r)
            }
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
