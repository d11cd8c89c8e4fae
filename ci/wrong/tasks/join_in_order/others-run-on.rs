//! Continues the panic, and leaves the other jobs running. Caught by `join_in_order::a_panic_stops_the_other_jobs`, which says "every job should be stopped".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    match futures::future::try_join_all(tasks).await {
        Ok(outputs) => outputs,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
