//! Keeps one result for all calls, so a call may get the result of another one. Caught by `run_on_pool::each_call_gets_its_own_result`, which says "the result of its own work".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    static LAST: std::sync::Mutex<Option<Box<dyn Any + Send>>> = std::sync::Mutex::new(None);
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            let result = catch_unwind(AssertUnwindSafe(|| work(&stop)));
            let _ = tx.send(result.map(|output| {
                *LAST.lock().unwrap() = Some(Box::new(output));
            }));
        }
    }));
    match rx.await {
        Ok(Ok(())) => {
            let last = LAST.lock().unwrap().take();
            let last = last.and_then(|last| last.downcast().ok());
            last.map(|output| *output).ok_or(PoolError::Discarded)
        }
        Ok(Err(payload)) => Err(PoolError::Panicked(payload)),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
