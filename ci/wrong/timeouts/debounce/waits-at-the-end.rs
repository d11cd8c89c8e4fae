//! The quiet period is waited for after the channel was closed. Caught by `debounce::closing_emits_the_pending_event_at_once`, which says "although no further event can arrive".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        loop {
            let due = latest.min(Instant::now() + quiet);
            match timeout_at(due, events.recv()).await {
                Ok(Some(newer)) => pending = newer,
                Ok(None) => {
                    sleep_until(due).await;
                    break;
                }
                Err(_) => break,
            }
        }
        emit(pending);
    }
}
