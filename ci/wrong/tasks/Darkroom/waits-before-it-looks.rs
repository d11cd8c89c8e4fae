//! `close` waits to be told before it looks. Caught by `Darkroom::close_is_over_at_once_when_nothing_runs`, which says "Look first, then wait".

use std::sync::atomic::Ordering::SeqCst;

#[derive(Debug)]
pub struct Darkroom {
    jobs: Vec<AbortOnDropHandle<()>>,
    left: Arc<std::sync::atomic::AtomicUsize>,
    ended: Arc<tokio::sync::Notify>,
}

struct Ended(
    Arc<std::sync::atomic::AtomicUsize>,
    Arc<tokio::sync::Notify>,
);
impl Drop for Ended {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
        self.1.notify_waiters();
    }
}

impl Darkroom {
    pub fn open() -> Self {
        Self {
            jobs: Vec::new(),
            left: Arc::default(),
            ended: Arc::default(),
        }
    }

    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.left.fetch_add(1, SeqCst);
        let ended = Ended(Arc::clone(&self.left), Arc::clone(&self.ended));
        self.jobs
            .push(AbortOnDropHandle::new(tokio::spawn(async move {
                let _ended = ended;
                job.await;
            })));
    }

    pub async fn close(mut self) {
        loop {
            self.ended.notified().await;
            if self.left.load(SeqCst) == 0 {
                break;
            }
        }
    }
}
