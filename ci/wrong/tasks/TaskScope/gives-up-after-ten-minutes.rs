//! Waits ten minutes for the next job to end. Caught by `TaskScope::join_waits_for_long_jobs`, which says "gives up after some time".

#[derive(Debug, Default)]
pub struct TaskScope {
    jobs: JoinSet<()>,
}

impl TaskScope {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    pub async fn join(mut self) {
        let limit = Duration::from_secs(600);
        while let Ok(Some(_)) = tokio::time::timeout(limit, self.jobs.join_next()).await {}
    }
}
