//! The task of the run is aborted, and not awaited after that. Caught by `supervise::a_cancellation_ends_it_at_once`, which says "so await it after that".

use tokio::task::JoinSet;

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
        let Some(result) = run_once(&shutdown, start()).await else {
            break;
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

async fn run_once<E>(
    shutdown: &CancellationToken,
    run: impl Future<Output = Result<(), E>> + Send + 'static,
) -> Option<Result<(), RunFailure<E>>>
where
    E: Send + 'static,
{
    let mut runs = JoinSet::new();
    runs.spawn(run);
    let ended = tokio::select! {
        biased;
        ended = runs.join_next() => ended?,
        () = shutdown.cancelled() => {
            runs.abort_all();
            return None;
        }
    };
    Some(match ended {
        Ok(result) => result.map_err(RunFailure::Error),
        Err(error) => Err(RunFailure::Panic(error.into_panic())),
    })
}
