//! Does not catch a panic of the work, so it ends a thread of the pool. Caught by `run_on_pool::a_panic_does_not_leave_the_job`, which says "should not leave the job".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            let _ = tx.send(work(&stop));
        }
    }));
    rx.await.map_err(|_| PoolError::Discarded)
}
