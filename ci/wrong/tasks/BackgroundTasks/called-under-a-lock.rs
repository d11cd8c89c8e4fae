//! `on_end` is called while the lock of the count is held. Caught by `BackgroundTasks::on_end_may_use_the_group`, which says "a lock is held that this call needs".

use std::sync::Mutex;

pub struct BackgroundTasks {
    running: Arc<Mutex<usize>>,
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}
impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            running: Arc::default(),
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        *self.running.lock().unwrap() += 1;
        let (name, on_end, running) = (
            name.to_owned(),
            Arc::clone(&self.on_end),
            Arc::clone(&self.running),
        );
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let r = job.await;
            let mut n = running.lock().unwrap();
            *n -= 1;
            on_end(&name, r);
        });
    }
    pub fn running(&self) -> usize {
        *self.running.lock().unwrap()
    }
    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
