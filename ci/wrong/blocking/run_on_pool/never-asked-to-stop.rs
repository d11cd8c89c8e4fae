//! Looks at the token and never cancels it. Caught by `run_on_pool::a_dropped_future_asks_the_work_to_stop`, which says "so the token should be cancelled".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !tx.is_closed() {
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
        }
    }));
    match rx.await {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
