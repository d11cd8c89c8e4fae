//! Takes the words of the join error for those of the panic. Caught by `develop::a_panic_is_an_error`, which says "the join error was printed".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    task.await.map_err(|error| Spoiled {
        message: error.to_string(),
    })
}
