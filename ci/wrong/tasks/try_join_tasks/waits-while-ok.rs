//! Waits for the aborted tasks in a loop that ends at the first cancelled one. Caught by `try_join_tasks::after_an_error_the_others_are_gone`, which says "aborted and not waited for".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.abort_all();
                while let Some(Ok(_)) = tasks.join_next().await {}
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
    }
    Ok(in_order(outputs))
}
