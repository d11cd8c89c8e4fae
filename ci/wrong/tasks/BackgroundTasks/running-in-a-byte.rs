//! The running jobs are counted in a byte. Caught by `BackgroundTasks::join_waits_for_all_jobs_and_calls`, which says "`running` should return 302".

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

pub struct BackgroundTasks {
    n: Arc<AtomicU8>,
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}
impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            n: Arc::default(),
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end, n) = (
            name.to_owned(),
            Arc::clone(&self.on_end),
            Arc::clone(&self.n),
        );
        n.fetch_add(1, Relaxed);
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let r = job.await;
            n.fetch_sub(1, Relaxed);
            on_end(&name, r)
        });
    }
    pub fn running(&self) -> usize {
        self.n.load(Relaxed).into()
    }
    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
