//! Unwraps the join error. Caught by `run_isolated::a_panic_is_returned_as_an_error`, which says "came out of `run_isolated`".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    Ok(task.await.unwrap())
}
