//! Outside of a runtime the job is silently left out. Caught by `TaskScope::spawn_panics_outside_of_a_runtime`, which says "outside of a runtime".

#[derive(Debug, Default)]
pub struct TaskScope {
    jobs: JoinSet<()>,
}
impl TaskScope {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        if let Ok(handle) = tokio::runtime::Handle::try_current() {
            self.jobs.spawn_on(job, &handle);
        }
    }
    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
