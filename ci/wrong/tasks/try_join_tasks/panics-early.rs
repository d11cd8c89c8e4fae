//! Continues a panic while the other jobs are still running. Caught by `try_join_tasks::after_a_panic_the_others_are_gone`, which says "aborted and not waited for".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => resume_unwind(panicked.into_panic()),
        }
    }
    Ok(in_order(outputs))
}
