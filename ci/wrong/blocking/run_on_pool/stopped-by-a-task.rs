//! A task cancels the token when it notices that the future was dropped. Caught by `run_on_pool::a_dropped_future_asks_the_work_to_stop`, which says "at once".

use futures::channel::oneshot as one;

pub fn run_on_pool<T, F>(
    spawn: impl FnOnce(Job),
    work: F,
) -> impl Future<Output = Result<T, PoolError>>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    async move {
        let (tx, rx) = one::channel();
        let token = CancellationToken::new();
        let (alive, dropped) = one::channel::<()>();
        let watched = token.clone();
        tokio::spawn(async move {
            let _ = dropped.await;
            watched.cancel();
        });
        let job = move || {
            if token.is_cancelled() || tx.is_canceled() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(&token)));
            let _unwanted = tx.send(result);
        };
        spawn(Box::new(job));
        let result = rx.await;
        drop(alive);
        result.map_or(Err(PoolError::Discarded), |result| {
            result.map_err(PoolError::Panicked)
        })
    }
}
