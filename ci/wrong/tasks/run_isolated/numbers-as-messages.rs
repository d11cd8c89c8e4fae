//! Shows a number that the job panicked with as if it were a message. Caught by `run_isolated::every_kind_of_panic_message_is_kept`, which says "no text is taken for a message".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let payload = payload(error);
        let number = payload.downcast_ref::<i32>().map(i32::to_string);
        JobPanicked {
            message: number.unwrap_or_else(|| message(&*payload)),
        }
    })
}
