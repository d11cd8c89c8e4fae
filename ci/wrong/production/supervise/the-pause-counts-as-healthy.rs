//! A run is measured from the failure before it. Caught by `supervise::a_healthy_run_sets_the_pause_back`, which says "measured from the failure before it".

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
    let mut began = Instant::now();
    while !shutdown.is_cancelled() {
        let Some(result) = shutdown.run_until_cancelled(run_once(start())).await else {
            break;
        };
        let Err(failure) = result else {
            return Outcome::Finished;
        };
        let Some(pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
        began = Instant::now();
        shutdown.run_until_cancelled(sleep(pause)).await;
    }
    Outcome::Cancelled
}
