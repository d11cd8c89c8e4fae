//! Gives up the job after a minute. Caught by `run_isolated::many_jobs_and_long_ones_run_at_the_same_time`, which says "should all return `Ok`".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    match tokio::time::timeout(Duration::from_secs(60), task).await {
        Ok(r) => r.map_err(|e| JobPanicked {
            message: message(&*payload(e)),
        }),
        Err(_) => Err(JobPanicked {
            message: "?".into(),
        }),
    }
}
