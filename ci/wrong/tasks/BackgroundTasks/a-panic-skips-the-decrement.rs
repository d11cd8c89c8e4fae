//! Decrements its counter only if the job does not panic. Caught by `BackgroundTasks::counts_the_running_jobs`, which says "counted forever".

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub struct BackgroundTasks {
    jobs: TaskTracker,
    running: Arc<AtomicUsize>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            running: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let running = Arc::clone(&self.running);
        running.fetch_add(1, Relaxed);
        let job = run_isolated(async move {
            job.await;
            running.fetch_sub(1, Relaxed);
        });
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        self.running.load(Relaxed)
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
