//! Detaches all tasks after the 1000th. Caught by `TaskScope::no_job_outlives_the_scope_however_many_they_are`, which says "does not keep the handles of all its jobs".

#[derive(Debug, Default)]
pub struct TaskScope {
    jobs: JoinSet<()>,
    count: usize,
}
impl TaskScope {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.count += 1;
        if self.count > 1000 {
            tokio::spawn(job);
        } else {
            self.jobs.spawn(job);
        }
    }
    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
