//! A message of more than 256 characters is cut off. Caught by `run_isolated::every_kind_of_panic_message_is_kept`, which says "should have the message".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| JobPanicked {
        message: message(&*payload(error)).chars().take(256).collect(),
    })
}
