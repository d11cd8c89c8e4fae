//! Calls `on_end` in the job's task, and again when the handle is ready. Caught by `BackgroundTasks::calls_on_end_once_when_a_job_ends`, which says "twice for one job".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let again = (name.clone(), Arc::clone(&on_end));
        let job = self.jobs.spawn(async move {
            job.await;
            on_end(&name, Ok(()));
        });
        self.jobs.spawn(async move {
            let (name, on_end) = again;
            let outcome = job.await.map_err(|error| JobPanicked {
                message: message(&*error.into_panic()),
            });
            on_end(&name, outcome);
        });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
