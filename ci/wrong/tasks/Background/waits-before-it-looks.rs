//! `finish` waits to be told before it looks. Caught by `Background::finish_is_over_at_once_when_nothing_runs`, which says "Look first, then wait".

use std::sync::atomic::Ordering::SeqCst;

pub struct Background {
    running: Arc<std::sync::atomic::AtomicUsize>,
    told: Arc<tokio::sync::Notify>,
    on_end: Arc<Listener>,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            running: Arc::default(),
            told: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let (running, told) = (Arc::clone(&self.running), Arc::clone(&self.told));
        running.fetch_add(1, SeqCst);
        let job = develop(job);
        tokio::spawn(async move {
            on_end(&name, job.await);
            running.fetch_sub(1, SeqCst);
            told.notify_waiters();
        });
    }

    pub fn running(&self) -> usize {
        self.running.load(SeqCst)
    }
    pub async fn finish(self) {
        loop {
            self.told.notified().await;
            if self.running() == 0 {
                return;
            }
        }
    }
}
