//! `spawn` removes the jobs that have ended, and unwraps their results. Caught by `TaskScope::a_job_can_be_spawned_after_a_panic`, which says "spawned 5 ms later".

#[derive(Debug)]
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
        while let Some(joined) = self.jobs.try_join_next() {
            joined.unwrap();
        }
        self.jobs.spawn(job);
    }

    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
