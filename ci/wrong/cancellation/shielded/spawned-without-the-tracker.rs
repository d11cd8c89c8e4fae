//! The task is spawned without the tracker. Caught by `shielded::the_tracker_waits_for_the_work`, which says "without the tracker".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let _known = tasks.token();
    match tokio::spawn(work).await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
