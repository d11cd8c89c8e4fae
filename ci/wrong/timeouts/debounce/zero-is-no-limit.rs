//! A maximum wait of zero is taken for none. Caught by `debounce::zero_emits_at_the_instant_of_arrival`, which says "as no limit".

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let first = Instant::now();
        let due = || {
            let due = Instant::now() + quiet;
            match max_wait.is_zero() {
                true => due,
                false => due.min(first + max_wait),
            }
        };
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
