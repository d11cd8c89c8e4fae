//! A maximum wait that is shorter than the quiet period is not used. Caught by `debounce::emits_after_the_maximum_wait`, which says "shorter than the quiet period".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    let max_wait = max_wait.max(quiet);
    while let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
