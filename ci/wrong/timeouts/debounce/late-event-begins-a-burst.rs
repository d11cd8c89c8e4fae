//! Takes an event that arrives exactly when another one is due for the first of the next burst. Caught by `debounce::an_event_that_is_already_there_belongs_to_the_burst`, which says "taken for the first one of the next burst".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    let mut next = None;
    loop {
        let Some(mut pending) = (match next.take() {
            Some(event) => Some(event),
            None => events.recv().await,
        }) else {
            return;
        };
        let latest = Instant::now() + max_wait;
        while let Ok(Some(newer)) =
            timeout_at(latest.min(Instant::now() + quiet), events.recv()).await
        {
            if Instant::now() == latest && !max_wait.is_zero() {
                // It came too late for this burst.
                next = Some(newer);
                break;
            }
            pending = newer;
        }
        emit(pending);
    }
}
