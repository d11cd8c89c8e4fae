//! Puts the box with the payload into another box, whose content is not the payload any more. Caught by `run_on_pool::a_panic_does_not_leave_the_job`, which says "put into another box".

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
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
        }
    }));
    match rx.await {
        Ok(result) => result.map_err(|payload| PoolError::Panicked(Box::new(payload))),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
