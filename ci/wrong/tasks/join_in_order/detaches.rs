//! Keeps plain handles, which detach their tasks when they are dropped. Caught by `join_in_order::dropping_the_future_stops_all_jobs`, which says "which detaches its task".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    match futures::future::try_join_all(tasks).await {
        Ok(outputs) => outputs,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
