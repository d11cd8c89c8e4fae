//! Looks at the results when all are there. Caught by `all_or_none::the_first_error_in_time_is_the_result`, which says "after all have come".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        results.push(ended.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    in_order(results).into_iter().collect()
}
