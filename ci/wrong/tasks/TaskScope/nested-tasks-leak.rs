//! Each job is spawned in a task that is aborted, and runs on. Caught by `TaskScope::dropping_the_scope_stops_its_jobs`, which says "every job should be stopped".

pub struct TaskScope {
    jobs: JoinSet<()>,
}
impl TaskScope {
    pub fn new() -> Self {
        Self {
            jobs: JoinSet::new(),
        }
    }
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(async move {
            let _ = tokio::spawn(job).await;
        });
    }
    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
