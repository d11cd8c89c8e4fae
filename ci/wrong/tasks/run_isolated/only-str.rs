//! Looks for a `&str` in the panic and for nothing else. Caught by `run_isolated::a_panic_is_returned_as_an_error`, which says "one type of payload only".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let panic = error.into_panic();
        let message = panic.downcast_ref::<&str>();
        JobPanicked {
            message: message.map_or("?".to_owned(), ToString::to_string),
        }
    })
}
