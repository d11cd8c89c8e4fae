//! Drops the pending event if the channel is closed exactly when the event is due. Caught by `debounce::any_events`, which says "closed at the instant at which the event is due".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    let mut pending: Option<T> = None;
    let mut latest = Instant::now();
    let mut due = latest;
    loop {
        tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(event) => {
                    if pending.is_none() {
                        latest = Instant::now() + max_wait;
                    }
                    pending = Some(event);
                    due = Instant::now() + quiet;
                }
                None => break,
            },
            () = sleep_until(due.min(latest)), if pending.is_some() => {
                pending.take().map(&mut emit);
            }
        }
    }
    if Instant::now() < due.min(latest) {
        pending.map(emit);
    }
}
