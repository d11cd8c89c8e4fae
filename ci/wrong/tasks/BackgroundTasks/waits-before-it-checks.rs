//! `join` waits for a notification before it checks the count. Caught by `BackgroundTasks::join_returns_at_once_if_nothing_runs`, which says "Check first, then wait".

use std::sync::atomic::Ordering::SeqCst;

pub struct BackgroundTasks {
    running: Arc<std::sync::atomic::AtomicUsize>,
    one_ended: Arc<tokio::sync::Notify>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            running: Arc::default(),
            one_ended: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let (running, one_ended) = (Arc::clone(&self.running), Arc::clone(&self.one_ended));
        running.fetch_add(1, SeqCst);
        let job = run_isolated(job);
        tokio::spawn(async move {
            on_end(&name, job.await);
            running.fetch_sub(1, SeqCst);
            one_ended.notify_waiters();
        });
    }

    pub fn running(&self) -> usize {
        self.running.load(SeqCst)
    }

    pub async fn join(self) {
        loop {
            self.one_ended.notified().await;
            if self.running() == 0 {
                return;
            }
        }
    }
}
