//! The work is tracked, but awaited in place and not spawned. Caught by `shielded::the_work_is_done_when_the_caller_is_dropped`, which says "dropped with it".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tasks.track_future(work).await
}
