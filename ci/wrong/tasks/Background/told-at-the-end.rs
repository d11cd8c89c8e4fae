//! Calls `on_end` only when somebody waits for all. Caught by `Background::tells_of_each_job_once_at_its_end`, which says "a task ends without calling it".

use std::sync::Mutex;
use tokio::task::JoinHandle;

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: Mutex<Vec<(String, JoinHandle<()>)>>,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let job = (name.to_owned(), tokio::spawn(job));
        self.jobs.lock().unwrap().push(job);
    }

    pub fn running(&self) -> usize {
        let jobs = self.jobs.lock().unwrap();
        jobs.iter().filter(|(_, job)| !job.is_finished()).count()
    }

    pub async fn finish(self) {
        for (name, job) in self.jobs.into_inner().unwrap() {
            let ended = job.await.map_err(|error| Spoiled {
                message: message(&*error.into_panic()),
            });
            (self.on_end)(&name, ended);
        }
    }
}
