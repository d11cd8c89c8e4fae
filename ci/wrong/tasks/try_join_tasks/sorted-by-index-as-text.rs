//! The outputs are sorted by their indices as texts. Caught by `try_join_tasks::any_jobs_in_order_or_the_first_failure`, which says "in input order".

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
                tasks.shutdown().await;
                resume_unwind(payload(p));
            }
        }
    }
    outputs.sort_by_key(|(i, _)| i.to_string());
    Ok(outputs.into_iter().map(|(_, o)| o).collect())
}
