//! Keeps the error of the job that ends last while the others are stopped. Caught by `try_join_tasks::a_job_that_ends_while_it_is_stopped_changes_nothing`, which says "replaces the first error".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    let mut failed = None;
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.abort_all();
                failed = Some(Ok(error));
            }
            Err(error) if error.is_cancelled() => {}
            Err(panicked) => {
                tasks.abort_all();
                failed.get_or_insert(Err(panicked.into_panic()));
            }
        }
    }
    match failed {
        None => Ok(in_order(outputs)),
        Some(Ok(error)) => Err(error),
        Some(Err(payload)) => resume_unwind(payload),
    }
}
