//! Uses the pool of the runtime instead of the one that it is given. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "a thread of `spawn_blocking`".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let work = tokio::task::spawn_blocking(move || work(&stop));
    match work.await {
        Ok(output) => Ok(output),
        Err(error) => match error.try_into_panic() {
            Ok(payload) => Err(PoolError::Panicked(payload)),
            Err(_cancelled) => Err(PoolError::Discarded),
        },
    }
}
