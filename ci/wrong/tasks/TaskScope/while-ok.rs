//! The loop ends at the first join error. Caught by `TaskScope::a_panic_does_not_stop_the_others`, which says "a loop ends at the first join error".

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
        while let Some(Ok(())) = self.jobs.join_next().await {}
    }
}
