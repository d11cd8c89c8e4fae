//! Keeps the jobs as futures until `finish`. Caught by `Background::jobs_begin_without_being_awaited`, which says "neither spawned nor awaited".

use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Mutex;

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: Mutex<Vec<(String, BoxFuture<'static, ()>)>>,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let job = (name.to_owned(), job.boxed());
        self.jobs.lock().unwrap().push(job);
    }

    pub fn running(&self) -> usize {
        self.jobs.lock().unwrap().len()
    }

    pub async fn finish(self) {
        let jobs = self.jobs.into_inner().unwrap().into_iter();
        let told = jobs.map(async |(name, job)| (self.on_end)(&name, develop(job).await));
        futures::future::join_all(told).await;
    }
}
