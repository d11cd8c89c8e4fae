//! `join` waits for a notification before it checks the count. Caught by `TaskScope::join_returns_at_once_if_nothing_runs`, which says "Check first, then wait".

use std::sync::atomic::Ordering::SeqCst;

#[derive(Debug)]
pub struct TaskScope {
    jobs: Vec<AbortOnDropHandle<()>>,
    left: Arc<std::sync::atomic::AtomicUsize>,
    one_ended: Arc<tokio::sync::Notify>,
}

struct DecrementOnDrop(
    Arc<std::sync::atomic::AtomicUsize>,
    Arc<tokio::sync::Notify>,
);

impl Drop for DecrementOnDrop {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
        self.1.notify_waiters();
    }
}

impl TaskScope {
    pub fn new() -> Self {
        Self {
            jobs: Vec::new(),
            left: Arc::default(),
            one_ended: Arc::default(),
        }
    }

    pub fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.left.fetch_add(1, SeqCst);
        let guard = DecrementOnDrop(Arc::clone(&self.left), Arc::clone(&self.one_ended));
        self.jobs
            .push(AbortOnDropHandle::new(tokio::spawn(async move {
                let _guard = guard;
                job.await;
            })));
    }

    pub async fn join(mut self) {
        loop {
            self.one_ended.notified().await;
            if self.left.load(SeqCst) == 0 {
                break;
            }
        }
    }
}
