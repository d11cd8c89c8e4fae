//! The maximum wait is ignored. Caught by `debounce::emits_after_the_maximum_wait`, which says "the maximum wait is not used".

use tokio::time::timeout;

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    while let Some(mut pending) = events.recv().await {
        while let Ok(Some(newer)) = timeout(quiet.min(max_wait), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}
