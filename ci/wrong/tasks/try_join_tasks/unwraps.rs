//! Unwraps the join error. Caught by `try_join_tasks::after_a_panic_the_others_are_gone`, which says "the function should panic with".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined.unwrap() {
            (index, Ok(output)) => outputs.push((index, output)),
            (_, Err(error)) => {
                tasks.shutdown().await;
                return Err(error);
            }
        }
    }
    Ok(in_order(outputs))
}
