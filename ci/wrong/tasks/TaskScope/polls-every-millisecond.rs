//! `join` looks every millisecond which tasks have ended. Caught by `TaskScope::any_jobs_end_with_the_scope`, which says "`join` should return".

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
        loop {
            while self.jobs.try_join_next().is_some() {}
            if self.jobs.is_empty() {
                return;
            }
            sleep(Duration::from_millis(1)).await;
        }
    }
}
