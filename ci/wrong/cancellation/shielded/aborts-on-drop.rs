//! The task is aborted when its handle is dropped. Caught by `shielded::the_work_is_done_when_the_caller_is_dropped`, which says "dropped with it".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let task = tokio_util::task::AbortOnDropHandle::new(tasks.spawn(work));
    match task.await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
