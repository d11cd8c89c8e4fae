//! Aborts the handles in its list when it is dropped, but `join` has moved them out of the list. Caught by `TaskScope::dropping_join_stops_the_jobs`, which says "When the future of `join` is dropped".

use tokio::task::JoinHandle;

pub struct TaskScope {
    jobs: Vec<JoinHandle<()>>,
}

impl TaskScope {
    pub fn new() -> Self {
        Self { jobs: Vec::new() }
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(tokio::spawn(job));
    }

    pub async fn join(mut self) {
        for job in std::mem::take(&mut self.jobs) {
            let _ended = job.await;
        }
    }
}

impl Drop for TaskScope {
    fn drop(&mut self) {
        for job in &self.jobs {
            job.abort();
        }
    }
}
