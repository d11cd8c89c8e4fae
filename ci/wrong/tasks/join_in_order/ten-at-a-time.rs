//! Runs only ten jobs at a time. Caught by `join_in_order::one_of_many_jobs_panics`, which says "limits how many jobs run at a time".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    use futures::{StreamExt, TryStreamExt};
    let mut outputs: Vec<(usize, T)> = futures::stream::iter(jobs.into_iter().enumerate())
        .map(|(index, job)| async move {
            let task = AbortOnDropHandle::new(tokio::spawn(job));
            task.await.map(|output| (index, output))
        })
        .buffer_unordered(10)
        .try_collect()
        .await
        .unwrap_or_else(|error| resume_unwind(error.into_panic()));
    outputs.sort_by_key(|(index, _)| *index);
    outputs.into_iter().map(|(_, output)| output).collect()
}
