//! Aborts nothing if a panic drops the scope. Caught by `TaskScope::a_panic_that_drops_the_scope_stops_its_jobs`, which says "by a panic of the task that owns it".

#[derive(Debug, Default)]
pub struct TaskScope {
    jobs: Vec<tokio::task::JoinHandle<()>>,
}

impl TaskScope {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(tokio::spawn(job));
    }

    pub async fn join(mut self) {
        for job in &mut self.jobs {
            let _ = job.await;
        }
    }
}

impl Drop for TaskScope {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for job in &self.jobs {
            job.abort();
        }
    }
}
