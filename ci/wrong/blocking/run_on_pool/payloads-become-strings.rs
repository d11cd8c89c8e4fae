//! A payload that is a `&str` becomes a `String`. Caught by `run_on_pool::a_panic_does_not_leave_the_job`, which says "a text of another type".

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
            let _ = tx.send(result);
        }
    }));
    match rx.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(payload)) => Err(PoolError::Panicked(
            match payload.downcast::<&'static str>() {
                Ok(text) => Box::new(text.to_string()),
                Err(payload) => payload,
            },
        )),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
