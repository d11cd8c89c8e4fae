//! Only the first line of the message is kept. Caught by `run_isolated::every_kind_of_panic_message_is_kept`, which says "should have the message".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let message = message(&*payload(error));
        JobPanicked {
            message: message.lines().next().unwrap_or_default().to_owned(),
        }
    })
}
