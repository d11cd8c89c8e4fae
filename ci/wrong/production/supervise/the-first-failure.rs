//! The first failure is returned. Caught by `supervise::gives_up_after_too_many_failures`, which says "the first failure is returned".

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
    let mut first = None;
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        let Some(result) = shutdown.run_until_cancelled(run_once(start())).await else {
            break;
        };
        let Err(latest) = result else {
            return Outcome::Finished;
        };
        let failure = first.take().unwrap_or(latest);
        let Some(pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
        first = Some(failure);
        shutdown.run_until_cancelled(sleep(pause)).await;
    }
    Outcome::Cancelled
}
