//! Each event is emitted, only later. Caught by `debounce::emits_the_last_event_of_a_burst`, which says "each after a wait of its own".

use tokio::time::sleep;

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(event) = events.recv().await {
        sleep(quiet.min(max_wait)).await;
        emit(event);
    }
}
