//! The caller holds the token of the tracker, so it is dropped with the caller. Caught by `shielded::the_tracker_waits_for_the_work`, which says "dropped with the caller".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let _token = tasks.token();
    match tokio::spawn(work).await {
        Ok(output) => output,
        // The task was not aborted, because no other code has its handle. So this is a panic.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
