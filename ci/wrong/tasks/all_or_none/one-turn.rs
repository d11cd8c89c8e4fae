//! Aborts the others, and gives them one turn. Caught by `all_or_none::after_an_error_the_others_are_gone`, which says "one more turn is not enough".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((place, Ok(result))) => results.push((place, result)),
            Ok((_, Err(error))) => {
                tasks.abort_all();
                tokio::task::yield_now().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
    }
    Ok(in_order(results))
}
