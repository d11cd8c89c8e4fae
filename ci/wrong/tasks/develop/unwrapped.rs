//! Unwraps the join error. Caught by `develop::a_panic_is_an_error`, which says "came out of `develop`".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    Ok(task.await.unwrap())
}
