//! Keeps the jobs in a `JoinSet`, which aborts them when it is dropped. Caught by `BackgroundTasks::dropping_it_stops_no_job`, which says "stops the job".

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
        let job = run_isolated(job);
        let call = async move { on_end(&name, job.await) };
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
