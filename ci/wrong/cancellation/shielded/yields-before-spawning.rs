//! It yields before it spawns the task. Caught by `shielded::starts_at_the_first_poll`, which says "something else is awaited before".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::task::yield_now().await;
    match tasks.spawn(work).await {
        Ok(o) => o,
        Err(e) => resume_unwind(e.into_panic()),
    }
}
