//! Binds the guard to `_`, which drops it at once. Caught by `run_on_pool::a_dropped_future_asks_the_work_to_stop`, which says "`let _ = ..` drops at once".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let (tx, rx) = oneshot::channel();
    let given = stop.clone();
    spawn(Box::new(move || {
        if !tx.is_closed() {
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&given))));
        }
    }));
    let _ = stop.drop_guard();
    match rx.await {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
