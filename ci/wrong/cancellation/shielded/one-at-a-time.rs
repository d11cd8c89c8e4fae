//! All calls share a semaphore with one permit. Caught by `shielded::many_calls_do_not_wait_for_each_other`, which says "waits for other calls".

static GATE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);
pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let work = async move {
        let _one = GATE.acquire().await.unwrap();
        work.await
    };
    match tasks.spawn(work).await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
