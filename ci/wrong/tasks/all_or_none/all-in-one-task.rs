//! Awaits all jobs in its own task. Caught by `all_or_none::each_job_has_a_task`, which says "as many tasks of their own".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    futures::future::try_join_all(jobs).await
}
