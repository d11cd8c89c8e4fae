//! Polls `is_finished` every few milliseconds. Caught by `run_isolated::returns_the_output_of_the_job`, which says "looks whether something has changed".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    while !task.is_finished() {
        sleep(Duration::from_millis(7)).await;
    }
    task.await.map_err(|error| JobPanicked {
        message: message(&*error.into_panic()),
    })
}
