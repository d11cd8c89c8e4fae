//! Takes the results as they come. Caught by `all_or_none::keeps_the_order_of_jobs`, which says "the order in which they came".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks: JoinSet<Result<T, E>> = jobs.into_iter().collect();
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(Ok(result)) => results.push(result),
            Ok(Err(error)) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
    }
    Ok(results)
}
