//! A panic of the work continues in the job if the future was dropped. Caught by `run_on_pool::the_result_of_a_dropped_future_is_dropped`, which says "The work panics after its future was dropped".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _stop_when_dropped = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            // The pool's thread must survive.
            let result = catch_unwind(AssertUnwindSafe(|| work(&stop)));
            if let Err(Err(payload)) = tx.send(result) {
                std::panic::resume_unwind(payload);
            }
        }
    }));
    match rx.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(payload)) => Err(PoolError::Panicked(payload)),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
