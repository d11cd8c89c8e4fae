//! Spawns the jobs, but keeps the tasks that call `on_end` in a `JoinSet`. Caught by `BackgroundTasks::dropping_it_stops_no_job`, which says "stops the task that calls `on_end`".

use std::sync::Mutex;

pub struct BackgroundTasks {
    jobs: Mutex<JoinSet<()>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::new(JoinSet::new()),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        let call = async move {
            let outcome = job.await.map_err(|error| JobPanicked {
                message: message(&*payload(error)),
            });
            on_end(&name, outcome);
        };
        self.jobs.lock().unwrap().spawn(call);
    }

    pub fn running(&self) -> usize {
        self.jobs.lock().unwrap().len()
    }

    pub async fn join(self) {
        let mut jobs = self.jobs.into_inner().unwrap();
        while jobs.join_next().await.is_some() {}
    }
}
