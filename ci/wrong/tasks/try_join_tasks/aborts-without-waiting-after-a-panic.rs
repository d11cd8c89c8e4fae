//! After a panic the set is dropped, and not awaited. Caught by `try_join_tasks::after_a_panic_the_others_are_gone`, which says "aborted and not waited for".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((i, Ok(o))) => outputs.push((i, o)),
            Ok((_, Err(e))) => {
                tasks.shutdown().await;
                return Err(e);
            }
            Err(p) => {
                drop(tasks);
                resume_unwind(payload(p));
            }
        }
    }
    Ok(in_order(outputs))
}
