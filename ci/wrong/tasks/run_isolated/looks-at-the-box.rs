//! Looks for a text in a reference to the box, where there is none. Caught by `run_isolated::a_panic_is_returned_as_an_error`, which says "looks at the box".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let payload = payload(error);
        JobPanicked {
            message: message(&payload),
        }
    })
}
