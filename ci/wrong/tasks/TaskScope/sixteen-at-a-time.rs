//! At most sixteen jobs run at a time. Caught by `TaskScope::any_jobs_end_with_the_scope`, which says "`join` should return".

pub struct TaskScope {
    jobs: JoinSet<()>,
    waiting: Vec<futures::future::BoxFuture<'static, ()>>,
}
impl TaskScope {
    pub fn new() -> Self {
        Self {
            jobs: JoinSet::new(),
            waiting: Vec::new(),
        }
    }
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        if self.jobs.len() < 16 {
            self.jobs.spawn(job);
        } else {
            self.waiting.push(Box::pin(job));
        }
    }
    pub async fn join(mut self) {
        while self.jobs.join_next().await.is_some() {
            if let Some(j) = self.waiting.pop() {
                self.jobs.spawn(j);
            }
        }
    }
}
