//! Panics if the pool has dropped the job. Caught by `run_on_pool::a_dropped_job_is_an_error`, which says "the job should have been run".

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
    let result = rx.await.expect("the job should have been run");
    result.map_err(PoolError::Panicked)
}
