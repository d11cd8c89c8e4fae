//! Sends the job when the function is called, and not when its future is polled. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "outside of its future".

use futures::channel::oneshot as one;

pub fn run_on_pool<T, F>(
    spawn: impl FnOnce(Job),
    work: F,
) -> impl Future<Output = Result<T, PoolError>>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    {
        let (tx, rx) = one::channel();
        let token = CancellationToken::new();
        let guard = token.clone().drop_guard();
        let job = move || {
            if token.is_cancelled() || tx.is_canceled() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(&token)));
            let _unwanted = tx.send(result);
        };
        spawn(Box::new(job));
        async move {
            let result = rx.await;
            guard.disarm();
            result.map_or(Err(PoolError::Discarded), |result| {
                result.map_err(PoolError::Panicked)
            })
        }
    }
}
