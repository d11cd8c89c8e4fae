//! `JoinSet::join_all` panics if a task has panicked. Caught by `TaskScope::a_panic_does_not_stop_the_others`, which says "a join error was unwrapped".

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
        std::mem::take(&mut self.jobs).join_all().await;
    }
}
