//! A closed tracker is reopened for the time of the call, and closed again after it. Caught by `shielded::the_work_is_done_when_the_caller_is_dropped`, which says "calls `reopen`".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let reopened = tasks.reopen();
    let task = tasks.spawn(work);
    let joined = task.await;
    if reopened {
        tasks.close();
    }
    match joined {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
