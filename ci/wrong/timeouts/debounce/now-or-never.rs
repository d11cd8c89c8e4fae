//! The channel is taken to be empty when `now_or_never` returns nothing, which the budget of a task ends. Caught by `debounce::an_event_that_is_already_there_belongs_to_the_burst`, which says "tokio lets a task receive about 128 messages".

use futures::FutureExt;
pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        let mut due = latest.min(Instant::now() + quiet);
        loop {
            while let Some(Some(newer)) = events.recv().now_or_never() {
                pending = newer;
                due = latest.min(Instant::now() + quiet);
            }
            if Instant::now() >= due || (events.is_closed() && events.is_empty()) {
                break;
            }
            match timeout_at(due, events.recv()).await {
                Ok(Some(newer)) => {
                    pending = newer;
                    due = latest.min(Instant::now() + quiet);
                }
                Ok(None) => break,
                Err(_) => {}
            }
        }
        emit(pending);
    }
}
