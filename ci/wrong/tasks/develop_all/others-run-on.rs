//! Goes on with the panic, and leaves the others at work. Caught by `develop_all::a_panic_stops_the_others`, which says "every job should stop".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    match futures::future::try_join_all(tasks).await {
        Ok(results) => results,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
