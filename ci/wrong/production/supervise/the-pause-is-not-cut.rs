//! A shutdown waits for the pause. Caught by `supervise::a_cancellation_ends_it_at_once`, which says "the pause is not raced".

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
        let Err(failure) = result else {
            return Outcome::Finished;
        };
        let Some(pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
        sleep(pause).await;
    }
    Outcome::Cancelled
}
