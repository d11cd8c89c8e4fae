//! The quiet period is one deadline that the first event sets. Caught by `debounce::emits_the_last_event_of_a_burst`, which says "not started again by the others".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let due = Instant::now() + quiet.min(max_wait);
        while let Ok(Some(newer)) = timeout_at(due, events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
