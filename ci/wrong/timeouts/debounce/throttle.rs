//! The first event is emitted at once, and those that follow are dropped. Caught by `debounce::emits_the_last_event_of_a_burst`, which says "that is a throttle".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    let mut last = None;
    while let Some(event) = events.recv().await {
        let now = Instant::now();
        if last.is_none_or(|last| now - last >= quiet.min(max_wait)) {
            last = Some(now);
            emit(event);
        }
    }
}
