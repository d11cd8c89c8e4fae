//! Counts up at the start, and down only if the job comes to its end. Caught by `Background::counts_what_is_running`, which says "counted for ever".

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: TaskTracker,
    running: Arc<AtomicUsize>,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            running: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let running = Arc::clone(&self.running);
        running.fetch_add(1, Relaxed);
        let job = develop(async move {
            job.await;
            running.fetch_sub(1, Relaxed);
        });
        self.jobs.spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        self.running.load(Relaxed)
    }

    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
