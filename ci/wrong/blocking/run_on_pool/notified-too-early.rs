//! Waits for a notification, which is lost if the job has run inside `spawn`. Caught by `run_on_pool::a_job_may_run_inside_spawn`, which says "comes before anything waits".

use std::sync::Arc;
use tokio::sync::Notify;

struct NotifyWhenDropped(Arc<Notify>);

impl Drop for NotifyWhenDropped {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, mut rx) = oneshot::channel();
    let done = Arc::new(Notify::new());
    let ended = NotifyWhenDropped(Arc::clone(&done));
    spawn(Box::new(move || {
        let _ended = ended;
        if !stop.is_cancelled() {
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
        }
    }));
    done.notified().await;
    match rx.try_recv() {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
