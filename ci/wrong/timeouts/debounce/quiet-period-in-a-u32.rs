//! The milliseconds of the quiet period are kept in a `u32`, which holds 49 days. Caught by `debounce::quiet_and_max_wait_may_be_days`, which says "with a quiet period of 8640000010 ms".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let quiet = Duration::from_millis(u64::from(quiet.as_millis() as u32));
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
