//! Catches the panic and drops its payload, so that it looks like a job that was dropped. Caught by `run_on_pool::a_panic_does_not_leave_the_job`, which says "its payload dropped".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled()
            && let Ok(output) = catch_unwind(AssertUnwindSafe(|| work(&stop)))
        {
            let _ = tx.send(output);
        }
    }));
    rx.await.map_err(|_| PoolError::Discarded)
}
