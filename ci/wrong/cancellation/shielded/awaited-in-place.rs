//! The work is awaited in place, tracked but not spawned. Caught by `shielded::is_done_when_the_caller_is_dropped`, which says "dropped with it".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tasks.track_future(work).await
}
