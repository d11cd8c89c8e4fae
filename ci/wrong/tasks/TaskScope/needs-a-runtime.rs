//! Asks for the current runtime when the scope is created. Caught by `TaskScope::needs_no_runtime_before_the_first_job`, which says "`new` was called outside of a runtime".

#[derive(Debug)]
pub struct TaskScope {
    runtime: tokio::runtime::Handle,
    jobs: JoinSet<()>,
}

impl Default for TaskScope {
    fn default() -> Self {
        Self::new()
    }
}

impl TaskScope {
    pub fn new() -> Self {
        Self {
            runtime: tokio::runtime::Handle::current(),
            jobs: JoinSet::new(),
        }
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn_on(job, &self.runtime);
    }

    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
