//! If the tracker is closed, the work is awaited in place. Caught by `shielded::the_work_is_done_when_the_caller_is_dropped`, which says "and the tracker closed".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    if tasks.is_closed() {
        return work.await;
    }
    match tasks.spawn(work).await {
        Ok(o) => o,
        Err(e) => resume_unwind(e.into_panic()),
    }
}
