//! The panic of a run is not caught. Caught by `supervise::a_panic_is_a_failure`, which says "ends the supervisor with it".

async fn run_once<E>(run: impl Future<Output = Result<(), E>>) -> Result<(), RunFailure<E>> {
    run.await.map_err(RunFailure::Error)
}
