//! If the tracker is closed, it waits for all its tasks. Caught by `shielded::waits_only_for_its_own_work`, which says "waits for other tasks of the tracker".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let t = tasks.spawn(work);
    let out = match t.await {
        Ok(o) => o,
        Err(e) => resume_unwind(e.into_panic()),
    };
    if tasks.is_closed() {
        tasks.wait().await;
    }
    out
}
