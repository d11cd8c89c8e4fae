//! Closes the tracker if it was empty before the call. Caught by `shielded::waits_only_for_its_own_work`, which says "the answer calls `close`".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let was_empty = tasks.is_empty();
    let output = match tasks.spawn(work).await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    };
    if was_empty {
        tasks.close();
    }
    output
}
