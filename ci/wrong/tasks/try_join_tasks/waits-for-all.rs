//! Looks at the results when all of them are there. Caught by `try_join_tasks::returns_the_first_error_in_time`, which says "when all of them are there".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = spawn_numbered(jobs);
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        outputs.push(joined.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    in_order(outputs).into_iter().collect()
}
