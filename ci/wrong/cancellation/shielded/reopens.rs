//! It reopens the tracker, in the belief that a closed one takes no tasks. Caught by `shielded::waits_only_for_its_own_work`, which says "calls `reopen`".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tasks.reopen();
    match tasks.spawn(work).await {
        Ok(o) => o,
        Err(e) => resume_unwind(e.into_panic()),
    }
}
