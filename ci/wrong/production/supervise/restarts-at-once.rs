//! A run begins as soon as the one before has failed. Caught by `supervise::the_pause_doubles_up_to_the_cap`, which says "restarted in a loop".

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
        let Some(_pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
    }
    Outcome::Cancelled
}
