//! Calls `on_end` in the job's task, and again for its handle. Caught by `Background::tells_of_each_job_once_at_its_end`, which says "twice for one job".

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: TaskTracker,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let again = (name.clone(), Arc::clone(&on_end));
        let job = self.jobs.spawn(async move {
            job.await;
            on_end(&name, Ok(()));
        });
        self.jobs.spawn(async move {
            let (name, on_end) = again;
            let ended = job.await.map_err(|error| Spoiled {
                message: message(&*error.into_panic()),
            });
            on_end(&name, ended);
        });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
