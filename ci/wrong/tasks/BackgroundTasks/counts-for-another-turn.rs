//! A job is counted until the task that has called `on_end` is polled once more. Caught by `BackgroundTasks::a_job_is_counted_until_on_end_is_called`, which says "is still counted when".

use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

pub struct BackgroundTasks {
    count: Arc<(AtomicUsize, Notify)>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            count: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end, count) = (name.to_owned(), self.on_end.clone(), self.count.clone());
        count.0.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            let result = run_isolated(job).await;
            on_end(&name, result);
            tokio::task::yield_now().await;
            if count.0.fetch_sub(1, Ordering::SeqCst) == 1 {
                count.1.notify_one();
            }
        });
    }

    pub fn running(&self) -> usize {
        self.count.0.load(Ordering::SeqCst)
    }

    pub async fn join(self) {
        while self.running() > 0 {
            self.count.1.notified().await;
        }
    }
}
