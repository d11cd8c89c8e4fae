//! Awaits all jobs in its own task. Caught by `join_in_order::each_job_runs_on_its_own_task`, which says "the caller's task".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    futures::future::join_all(jobs).await
}
