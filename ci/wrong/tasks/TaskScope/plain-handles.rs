//! Keeps plain handles, which detach their tasks when they are dropped. Caught by `TaskScope::dropping_the_scope_stops_its_jobs`, which says "which detaches its task".

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
        for job in self.jobs.drain(..) {
            let _ended = job.await;
        }
    }
}
