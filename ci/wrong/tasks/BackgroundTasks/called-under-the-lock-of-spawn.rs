//! `on_end` is called while a lock is held that `spawn` takes. Caught by `BackgroundTasks::on_end_may_use_the_group`, which says "and calls `spawn`, which does not return".

use std::sync::Mutex;

pub struct BackgroundTasks {
    names: Arc<Mutex<Vec<String>>>,
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}
impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            names: Arc::default(),
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        self.names.lock().unwrap().push(name.to_owned());
        let (name, on_end, names) = (
            name.to_owned(),
            Arc::clone(&self.on_end),
            Arc::clone(&self.names),
        );
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let r = job.await;
            let mut n = names.lock().unwrap();
            on_end(&name, r);
            let at = n.iter().position(|x| *x == name).unwrap();
            n.remove(at);
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
