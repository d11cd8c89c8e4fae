//! It looks now and then whether the task is done. Caught by `shielded::gives_what_the_work_gives`, which says "now and then".

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
        Err(ended) => resume_unwind(ended.into_panic()),
    }
}
