//! Keeps the jobs as futures until `join` is called. Caught by `TaskScope::jobs_start_without_being_awaited`, which says "kept as a future".

use futures::future::BoxFuture;

pub struct TaskScope {
    jobs: Vec<BoxFuture<'static, ()>>,
}

impl TaskScope {
    pub fn new() -> Self {
        Self { jobs: Vec::new() }
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(Box::pin(job));
    }

    pub async fn join(mut self) {
        let tasks: Vec<_> = self.jobs.drain(..).map(tokio::spawn).collect();
        futures::future::join_all(tasks).await;
    }
}
