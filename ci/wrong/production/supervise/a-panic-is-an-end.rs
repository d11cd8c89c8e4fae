//! A run that panics is taken for one that has finished. Caught by `supervise::a_panic_is_a_failure`, which says "taken for one that has finished".

async fn run_once<E>(run: impl Future<Output = Result<(), E>>) -> Result<(), RunFailure<E>> {
    match AssertUnwindSafe(run).catch_unwind().await {
        Ok(result) => result.map_err(RunFailure::Error),
        Err(_payload) => Ok(()),
    }
}
