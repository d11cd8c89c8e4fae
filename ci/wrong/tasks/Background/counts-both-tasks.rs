//! Tracks the job's task and the one that tells of it. Caught by `Background::counts_what_is_running`, which says "two tasks are counted for each job".

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
        let job = self.jobs.spawn(job);
        self.jobs.spawn(async move {
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
