//! Awaits all jobs in its own task. Caught by `develop_all::each_job_has_a_task`, which says "as many tasks of their own".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    futures::future::join_all(jobs).await
}
