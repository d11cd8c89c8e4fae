//! Looks for a `&str` in the panic and for nothing else. Caught by `develop::a_panic_is_an_error`, which says "one kind of payload was forgotten".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| {
        let panic = error.into_panic();
        let message = panic.downcast_ref::<&str>();
        Spoiled {
            message: message.map_or("?".to_owned(), ToString::to_string),
        }
    })
}
