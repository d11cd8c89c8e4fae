//! After a panic the others are waited for. Caught by `all_or_none::after_a_panic_the_others_are_gone`, which says "waited for, and not aborted".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::with_capacity(tasks.len());
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((place, Ok(result))) => results.push((place, result)),
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
    Ok(in_order(results))
}
