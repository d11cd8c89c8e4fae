//! The pending event is dropped when the channel is closed. Caught by `debounce::closing_emits_the_pending_event_at_once`, which says "drops the pending event".

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
                Ok(None) => return,
                Err(_) => break,
            }
        }
        emit(pending);
    }
}
