//! It closes the tracker and waits for all tasks, as a shutdown does. Caught by `shielded::waits_only_for_its_own_work`, which says "waits for other tasks of the tracker".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let handle = tasks.spawn(work);
    tasks.close();
    tasks.wait().await;
    match handle.await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
