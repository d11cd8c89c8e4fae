//! Awaits the handle, and lets it go when it is dropped. Caught by `develop::a_dropped_answer_stops_the_job`, which says "which detaches its task".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let ended = tokio::spawn(job).await;
    ended.map_err(|error| Spoiled {
        message: message(&*error.into_panic()),
    })
}
