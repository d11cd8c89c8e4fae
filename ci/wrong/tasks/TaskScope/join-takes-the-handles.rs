//! `join` takes the handles out of the scope, so a drop aborts nothing. Caught by `TaskScope::dropping_join_stops_the_jobs`, which says "every job should be stopped".

use tokio::task::JoinHandle;

pub struct TaskScope {
    jobs: Vec<JoinHandle<()>>,
}
impl Drop for TaskScope {
    fn drop(&mut self) {
        for j in &self.jobs {
            j.abort();
        }
    }
}
impl TaskScope {
    pub fn new() -> Self {
        Self { jobs: Vec::new() }
    }
    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(tokio::spawn(job));
    }
    pub async fn join(mut self) {
        for j in std::mem::take(&mut self.jobs) {
            let _ = j.await;
        }
    }
}
