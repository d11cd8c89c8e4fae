//! The maximum wait begins with the previous emission instead of the first event. Caught by `debounce::emits_after_the_maximum_wait`, which says "measured from the last emission".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    let mut emitted = Instant::now();
    while let Some(mut pending) = events.recv().await {
        let latest = emitted + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
        emitted = Instant::now();
    }
}
