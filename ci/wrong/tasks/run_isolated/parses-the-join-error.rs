//! Cuts the message out of the text of the join error. Caught by `run_isolated::every_kind_of_panic_message_is_kept`, which says "column".

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let said = error.to_string();
        let message = said.split('"').nth(1).unwrap_or("?");
        JobPanicked {
            message: message.to_owned(),
        }
    })
}
