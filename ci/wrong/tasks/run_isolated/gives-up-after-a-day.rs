//! Aborts a job that takes more than a day. Caught by `run_isolated::many_jobs_and_long_ones_run_at_the_same_time`, which says "gives up after some time".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    match tokio::time::timeout(Duration::from_secs(24 * 3600), task).await {
        Ok(joined) => joined.map_err(|error| JobPanicked {
            message: message(&*payload(error)),
        }),
        Err(_) => Err(JobPanicked {
            message: "timed out".to_owned(),
        }),
    }
}
