//! Calls the work in the future, which blocks its thread. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "should not run before the pool runs the job".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    spawn(Box::new(|| ()));
    let stop = CancellationToken::new();
    catch_unwind(AssertUnwindSafe(|| work(&stop))).map_err(PoolError::Panicked)
}
