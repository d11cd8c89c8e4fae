//! Every 20 ms it looks whether the task is done. Caught by `shielded::returns_the_output_of_the_work`, which says "looks whether something has changed".

pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let task = tasks.spawn(work);
    while !task.is_finished() {
        sleep(Duration::from_millis(20)).await;
    }
    match task.await {
        Ok(output) => output,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
