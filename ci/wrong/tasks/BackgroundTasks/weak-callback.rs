//! The tasks have weak references to the callback. Caught by `BackgroundTasks::dropping_it_stops_no_job`, which says "`on_end` was not called".

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
        let (name, on_end) = (name.to_owned(), Arc::downgrade(&self.on_end));
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let r = job.await;
            if let Some(f) = on_end.upgrade() {
                f(&name, r)
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
