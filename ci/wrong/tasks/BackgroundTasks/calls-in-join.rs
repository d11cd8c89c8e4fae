//! Calls `on_end` only when `join` is awaited. Caught by `BackgroundTasks::calls_on_end_once_when_a_job_ends`, which says "it was called with []".

use std::sync::Mutex;
use tokio::task::JoinHandle;

pub struct BackgroundTasks {
    jobs: Mutex<Vec<(String, JoinHandle<()>)>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let job = (name.to_owned(), tokio::spawn(job));
        self.jobs.lock().unwrap().push(job);
    }

    pub fn running(&self) -> usize {
        let jobs = self.jobs.lock().unwrap();
        jobs.iter().filter(|(_, job)| !job.is_finished()).count()
    }

    pub async fn join(self) {
        for (name, job) in self.jobs.into_inner().unwrap() {
            let outcome = job.await.map_err(|error| JobPanicked {
                message: message(&*error.into_panic()),
            });
            (self.on_end)(&name, outcome);
        }
    }
}
