//! The task of the run is detached when the future is dropped. Caught by `supervise::dropping_it_drops_the_run`, which says "which detaches it".

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
    let mut task = tokio::spawn(run);
    let ended = tokio::select! {
        biased;
        ended = &mut task => ended,
        () = shutdown.cancelled() => {
            task.abort();
            let _ = task.await;
            return None;
        }
    };
    Some(match ended {
        Ok(result) => result.map_err(RunFailure::Error),
        Err(error) => Err(RunFailure::Panic(error.into_panic())),
    })
}
