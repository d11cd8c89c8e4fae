//! Takes the text of the join error for the panic's message. Caught by `run_isolated::a_panic_is_returned_as_an_error`, which says "the join error was formatted".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| JobPanicked {
        message: error.to_string(),
    })
}
