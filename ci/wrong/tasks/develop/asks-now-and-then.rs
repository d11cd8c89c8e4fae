//! Asks the handle every few milliseconds whether it is finished. Caught by `develop::returns_what_the_job_returns`, which says "asked now and then".

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let task = AbortOnDropHandle::new(tokio::spawn(job));
    while !task.is_finished() {
        sleep(Duration::from_millis(7)).await;
    }
    task.await.map_err(|error| Spoiled {
        message: message(&*error.into_panic()),
    })
}
