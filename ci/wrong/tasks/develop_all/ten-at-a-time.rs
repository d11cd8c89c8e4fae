//! Only ten jobs run at the same time. Caught by `develop_all::many_jobs_panic_as_fast`, which says "only so many run at a time".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    use futures::{StreamExt, TryStreamExt};
    let mut results: Vec<(usize, T)> = futures::stream::iter(jobs.into_iter().enumerate())
        .map(|(place, job)| async move {
            let task = AbortOnDropHandle::new(tokio::spawn(job));
            task.await.map(|result| (place, result))
        })
        .buffer_unordered(10)
        .try_collect()
        .await
        .unwrap_or_else(|error| resume_unwind(error.into_panic()));
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
