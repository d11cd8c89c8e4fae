//! The tracker is closed and waited for, as in a shutdown. Caught by `shielded::waits_for_its_own_work_only`, which says "waits for all tasks of the tracker".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let working = tasks.spawn(work);
    tasks.close();
    tasks.wait().await;
    match working.await {
        Ok(output) => output,
        Err(ended) => resume_unwind(ended.into_panic()),
    }
}
