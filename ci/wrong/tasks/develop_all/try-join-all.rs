//! `try_join_all` over the handles. Caught by `develop_all::many_jobs_panic_as_fast`, which says "`try_join_all` was used".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let handles = jobs
        .into_iter()
        .map(|job| AbortOnDropHandle::new(tokio::spawn(job)));
    match futures::future::try_join_all(handles).await {
        Ok(results) => results,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
