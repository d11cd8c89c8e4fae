//! Leaves out jobs that take more than a week. Caught by `join_in_order::long_jobs_are_waited_for`, which says "gives up after some time".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::with_capacity(tasks.len());
    let week = Duration::from_secs(7 * 24 * 3600);
    while let Ok(Some(joined)) = tokio::time::timeout(week, tasks.join_next()).await {
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(payload(error)),
        }
    }
    in_order(outputs)
}
