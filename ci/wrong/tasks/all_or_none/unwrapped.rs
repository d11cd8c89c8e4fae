//! Unwraps the join error. Caught by `all_or_none::after_a_panic_the_others_are_gone`, which says "with other words".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended.unwrap() {
            (place, Ok(result)) => results.push((place, result)),
            (_, Err(error)) => {
                tasks.shutdown().await;
                return Err(error);
            }
        }
    }
    Ok(in_order(results))
}
