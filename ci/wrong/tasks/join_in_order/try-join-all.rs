//! Awaits the handles with `try_join_all`. Caught by `join_in_order::one_of_many_jobs_panics`, which says "`try_join_all` was used".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let handles = jobs
        .into_iter()
        .map(|job| AbortOnDropHandle::new(tokio::spawn(job)));
    match futures::future::try_join_all(handles).await {
        Ok(outputs) => outputs,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
