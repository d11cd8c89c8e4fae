//! Waits for the result with a channel of the standard library, which blocks the thread of the task. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "its poll blocks the thread".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = std::sync::mpsc::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            let _ = tx.send(catch_unwind(AssertUnwindSafe(|| work(&stop))));
        }
    }));
    match rx.recv() {
        Ok(result) => result.map_err(PoolError::Panicked),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
