//! Yields before it sends the job, so the pool gets it later than necessary. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "it was not called".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    tokio::task::yield_now().await;
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
        }
    }));
    match rx.await {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
