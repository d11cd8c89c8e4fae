//! Looks for a `String` in the panic and for nothing else. Caught by `develop::a_message_that_was_not_formatted_is_kept_as_well`, which says "one kind of payload was forgotten".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let panic = error.into_panic();
        let message = panic.downcast_ref::<String>();
        Spoiled {
            message: message.map_or("?".to_owned(), String::clone),
        }
    })
}
