//! A run is dropped after an hour. Caught by `supervise::a_run_may_take_any_time`, which says "a limit of its own".

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
        let hour = Duration::from_secs(60 * 60);
        let run = tokio::time::timeout(hour, run_once(start()));
        let Some(result) = shutdown.run_until_cancelled(run).await else {
            break;
        };
        let Ok(result) = result else {
            continue;
        };
        let Err(failure) = result else {
            return Outcome::Finished;
        };
        let Some(pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
        shutdown.run_until_cancelled(sleep(pause)).await;
    }
    Outcome::Cancelled
}
