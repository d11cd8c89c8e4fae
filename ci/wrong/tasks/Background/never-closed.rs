//! Waits for a tracker that is not closed. Caught by `Background::finish_waits_for_all_and_for_the_telling`, which says "a tracker that nobody has closed".

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
        let job = develop(job);
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn finish(self) {
        self.jobs.wait().await;
    }
}
