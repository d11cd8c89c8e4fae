//! Tracks the jobs, and not the tasks that call `on_end`. Caught by `BackgroundTasks::join_waits_for_all_jobs_and_calls`, which says "for all 302 jobs".

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
        let job = self.jobs.spawn(job);
        tokio::spawn(async move {
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
