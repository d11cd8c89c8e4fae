//! The timer is polled before the channel, so an event that has arrived is left out of its burst. Caught by `debounce::an_event_that_is_already_there_belongs_to_the_burst`, which says "looked at before the channel".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        loop {
            tokio::select! {
                biased;
                () = sleep_until(latest.min(Instant::now() + quiet)) => break,
                event = events.recv() => match event {
                    Some(newer) => pending = newer,
                    None => break,
                },
            }
        }
        emit(pending);
    }
}
