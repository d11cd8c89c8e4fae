//! The join error is unwrapped. Caught by `shielded::passes_on_a_panic`, which says "join error of a task was unwrapped".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tasks.spawn(work).await.expect("the work does not panic")
}
