//! Asks for the result again and again. Caught by `run_on_pool::returns_the_result_of_the_work`, which says "a busy loop".

pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _stop_when_dropped = stop.clone().drop_guard();
    let (tx, mut rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            // The pool's thread must survive.
            let result = catch_unwind(AssertUnwindSafe(|| work(&stop)));
            let _ = tx.send(result);
        }
    }));
    let result = loop {
        match rx.try_recv() {
            Err(oneshot::error::TryRecvError::Empty) => tokio::task::yield_now().await,
            result => break result,
        }
    };
    match result {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(payload)) => Err(PoolError::Panicked(payload)),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}
