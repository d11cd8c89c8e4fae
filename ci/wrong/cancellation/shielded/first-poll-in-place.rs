//! Polls the work once in place, and spawns it only if it is not ready then. Caught by `shielded::the_work_has_a_task_of_its_own`, which says "the caller's task polled it".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut work = Box::pin(work);
    let first = std::future::poll_fn(|cx| std::task::Poll::Ready(work.as_mut().poll(cx))).await;
    if let std::task::Poll::Ready(output) = first {
        return output;
    }
    match tasks.spawn(work).await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
