//! `join` moves the `JoinSet` into its own future, so dropping that future aborts the jobs. Caught by `BackgroundTasks::dropping_join_stops_no_job`, which says "aborts its tasks when it is dropped".

use std::sync::PoisonError;

pub struct BackgroundTasks {
    jobs: std::sync::Mutex<JoinSet<()>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: std::sync::Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = run_isolated(job);
        self.jobs
            .lock()
            .unwrap()
            .spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        let mut jobs = self.jobs.lock().unwrap();
        while jobs.try_join_next().is_some() {}
        jobs.len()
    }

    pub async fn join(self) {
        let mut jobs = std::mem::take(&mut *self.jobs.lock().unwrap());
        while jobs.join_next().await.is_some() {}
    }
}

impl Drop for BackgroundTasks {
    fn drop(&mut self) {
        let jobs = self.jobs.get_mut();
        jobs.unwrap_or_else(PoisonError::into_inner).detach_all();
    }
}
