//! An empty message is replaced by "?". Caught by `run_isolated::every_kind_of_panic_message_is_kept`, which says "an empty message is taken for none".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let m = message(&*payload(error));
        JobPanicked {
            message: if m.is_empty() { "?".to_owned() } else { m },
        }
    })
}
