//! A run that returns `Ok(())` is followed by another one. Caught by `supervise::a_run_that_returns_ok_is_the_last`, which says "followed by another one".

pub async fn supervise<E, F>(
    policy: RestartPolicy,
    shutdown: CancellationToken,
    mut start: impl FnMut() -> F,
) -> Outcome<E>
where
    E: Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
{
    let mut history = History::new(policy);
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        let Some(result) = shutdown.run_until_cancelled(run_once(start())).await else {
            break;
        };
        let pause = history.pause_after(began, Instant::now());
        let pause = match (pause, result) {
            (Some(pause), _) => pause,
            (None, Err(failure)) => return Outcome::GaveUp(failure),
            (None, Ok(())) => return Outcome::Finished,
        };
        shutdown.run_until_cancelled(sleep(pause)).await;
    }
    Outcome::Cancelled
}
