//! The first event of the burst is emitted. Caught by `debounce::emits_the_last_event_of_a_burst`, which says "the first event of the burst is kept".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(_newer)) = timeout_at(due(), events.recv()).await {}
        emit(pending);
    }
}
