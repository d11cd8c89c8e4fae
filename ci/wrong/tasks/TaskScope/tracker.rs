//! Keeps the jobs in a `TaskTracker`, which aborts none when it is dropped. Caught by `TaskScope::dropping_the_scope_stops_its_jobs`, which says "every job should be stopped".

pub struct TaskScope {
    jobs: TaskTracker,
}

impl TaskScope {
    pub fn new() -> Self {
        Self {
            jobs: TaskTracker::new(),
        }
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    pub async fn join(mut self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
