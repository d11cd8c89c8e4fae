//! The task is spawned when the function is called. Caught by `shielded::starts_at_the_first_poll`, which says "when the future is created".

pub fn shielded<F>(tasks: &TaskTracker, work: F) -> impl Future<Output = F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let task = tasks.spawn(work);
    async {
        match task.await {
            Ok(output) => output,
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
}
