//! Keeps the jobs as futures until `join` is called. Caught by `BackgroundTasks::jobs_start_without_being_awaited`, which says "kept as a future".

use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Mutex;

pub struct BackgroundTasks {
    jobs: Mutex<Vec<(String, BoxFuture<'static, ()>)>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let job = (name.to_owned(), job.boxed());
        self.jobs.lock().unwrap().push(job);
    }

    pub fn running(&self) -> usize {
        self.jobs.lock().unwrap().len()
    }

    pub async fn join(self) {
        let jobs = self.jobs.into_inner().unwrap().into_iter();
        let call = jobs.map(async |(name, job)| (self.on_end)(&name, run_isolated(job).await));
        futures::future::join_all(call).await;
    }
}
