//! Waits for the others after a panic, and does not abort them. Caught by `try_join_tasks::after_a_panic_the_others_are_gone`, which says "waited for, and not aborted".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
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
                while tasks.join_next().await.is_some() {}
                resume_unwind(panicked.into_panic());
            }
        }
    }
    Ok(in_order(outputs))
}
