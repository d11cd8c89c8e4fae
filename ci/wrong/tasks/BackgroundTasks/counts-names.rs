//! Keeps the names of running jobs in a set. Caught by `BackgroundTasks::two_jobs_may_have_the_same_name`, which says "kept by name".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    names: Arc<std::sync::Mutex<std::collections::HashSet<String>>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            names: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end, names) = (
            name.to_owned(),
            Arc::clone(&self.on_end),
            Arc::clone(&self.names),
        );
        names.lock().unwrap().insert(name.clone());
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            on_end(&name, job.await);
            names.lock().unwrap().remove(&name);
        });
    }

    pub fn running(&self) -> usize {
        self.names.lock().unwrap().len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
