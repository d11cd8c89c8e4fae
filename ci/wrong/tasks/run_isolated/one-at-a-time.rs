//! All calls share a semaphore with one permit. Caught by `run_isolated::many_jobs_and_long_ones_run_at_the_same_time`, which says "starts when the job of another call has ended".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    static ONE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);
    let _one = ONE.acquire().await.unwrap();
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| JobPanicked {
        message: message(&*payload(error)),
    })
}
