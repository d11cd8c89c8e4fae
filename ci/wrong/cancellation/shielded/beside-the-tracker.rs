//! Spawned, but the tracker knows nothing of it. Caught by `shielded::the_tracker_waits_for_it`, which says "beside the tracker".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let _known = tasks.token();
    match tokio::spawn(work).await {
        Ok(output) => output,
        Err(ended) => resume_unwind(ended.into_panic()),
    }
}
