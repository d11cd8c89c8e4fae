//! Counts the jobs of all groups together, and `join` waits for all of them. Caught by `BackgroundTasks::many_long_jobs_are_waited_for`, which says "still running after".

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
        ALL.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.jobs.spawn(async move {
            on_end(&name, job.await);
            ALL.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
        });
    }
    pub fn running(&self) -> usize {
        self.jobs.len()
    }
    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
        while ALL.load(std::sync::atomic::Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}
static ALL: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
