//! It does not return when the channel is closed. Caught by `debounce::closing_emits_the_pending_event_at_once`, which says "does not end the loop".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    loop {
        let Some(mut pending) = events.recv().await else {
            std::future::pending::<()>().await;
            return;
        };
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
