//! Another task spawns the work, so the tracker does not know it at once. Caught by `shielded::starts_at_the_first_poll`, which says "another task spawns the work".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let tasks = tasks.clone();
    let t = tokio::spawn(async move {
        match tasks.spawn(work).await {
            Ok(o) => o,
            Err(e) => resume_unwind(e.into_panic()),
        }
    });
    match t.await {
        Ok(o) => o,
        Err(e) => resume_unwind(e.into_panic()),
    }
}
