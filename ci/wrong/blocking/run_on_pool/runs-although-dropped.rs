//! Runs work that has not started although its future was dropped. Caught by `run_on_pool::the_job_of_a_dropped_future_does_nothing`, which says "before it calls the work".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
    }));
    match rx.await {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
