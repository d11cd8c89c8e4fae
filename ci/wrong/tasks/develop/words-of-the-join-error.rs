//! The message is cut out of the words of the join error. Caught by `develop::a_message_that_was_not_formatted_is_kept_as_well`, which says "red".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let said = error.to_string();
        let message = said.split('"').nth(1).unwrap_or("?");
        Spoiled {
            message: message.to_owned(),
        }
    })
}
