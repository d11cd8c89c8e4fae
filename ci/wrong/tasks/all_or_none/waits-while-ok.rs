//! Waits for the others in a loop that ends with the first cancelled one. Caught by `all_or_none::after_an_error_the_others_are_gone`, which says "aborted and not waited for".

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
                while let Some(Ok(_)) = tasks.join_next().await {}
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
