//! It returns after the first burst. Caught by `debounce::emits_once_for_each_burst`, which says "returns after the first burst".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    if let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
