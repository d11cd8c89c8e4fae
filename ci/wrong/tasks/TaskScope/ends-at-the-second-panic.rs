//! `join` returns at the second panic. Caught by `TaskScope::any_jobs_end_with_the_scope`, which says "`join` should return".

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
        let mut n = 0;
        while let Some(r) = self.jobs.join_next().await {
            n += u32::from(r.is_err());
            if n > 1 {
                return;
            }
        }
    }
}
