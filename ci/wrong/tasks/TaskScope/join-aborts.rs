//! `join` aborts the jobs instead of waiting for them. Caught by `TaskScope::join_waits_for_all_jobs`, which says "the jobs were aborted".

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
        self.jobs.spawn(job);
    }

    pub async fn join(mut self) {
        self.jobs.shutdown().await;
    }
}
