//! Awaits a single job in the task of the caller. Caught by `try_join_tasks::each_job_runs_on_its_own_task`, which says "only the caller's task".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    mut jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    if jobs.len() == 1
        && let Some(job) = jobs.pop()
    {
        return Ok(vec![job.await?]);
    }
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
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
