//! A panic while the other jobs are stopped replaces the error. Caught by `try_join_tasks::a_panic_while_the_others_stop_changes_nothing`, which says "return that error".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    let mut failed = None;
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((i, Ok(o))) => outputs.push((i, o)),
            Ok((_, Err(e))) => {
                if failed.is_none() {
                    failed = Some(e);
                    tasks.abort_all();
                }
            }
            Err(e) if e.is_panic() => {
                tasks.abort_all();
                while tasks.join_next().await.is_some() {}
                resume_unwind(e.into_panic())
            }
            Err(_) => {}
        }
    }
    match failed {
        Some(e) => Err(e),
        None => Ok(in_order(outputs)),
    }
}
