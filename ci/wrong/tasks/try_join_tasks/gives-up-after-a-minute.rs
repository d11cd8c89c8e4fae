//! Gives up if no job ends for a minute. Caught by `try_join_tasks::long_jobs_are_waited_for`, which says "Your answer panicked".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tokio::time::timeout(Duration::from_secs(60), tasks.join_next())
        .await
        .unwrap()
    {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(payload(panicked));
            }
        }
    }
    Ok(in_order(outputs))
}
