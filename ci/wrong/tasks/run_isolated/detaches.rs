//! Awaits a plain handle, which detaches the task when it is dropped. Caught by `run_isolated::dropping_the_future_stops_the_job`, which says "which detaches its task".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let joined = tokio::spawn(job).await;
    joined.map_err(|error| JobPanicked {
        message: message(&*error.into_panic()),
    })
}
