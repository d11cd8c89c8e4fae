//! The job is spawned in a task that is aborted, and runs on. Caught by `run_isolated::dropping_the_future_stops_the_job`, which says "every job should be stopped".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(async move { tokio::spawn(job).await }));
    match task.await {
        Ok(Ok(o)) => Ok(o),
        Ok(Err(e)) | Err(e) => Err(JobPanicked {
            message: message(&*payload(e)),
        }),
    }
}
