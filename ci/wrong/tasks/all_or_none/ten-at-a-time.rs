//! Only ten jobs run at the same time. Caught by `all_or_none::after_an_error_the_others_are_gone`, which says "only so many are spawned at a time".

pub async fn all_or_none<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut waiting = jobs.into_iter().enumerate();
    let mut tasks = JoinSet::new();
    for (place, job) in waiting.by_ref().take(10) {
        tasks.spawn(async move { (place, job.await) });
    }
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((place, Ok(result))) => results.push((place, result)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
        if let Some((place, job)) = waiting.next() {
            tasks.spawn(async move { (place, job.await) });
        }
    }
    Ok(in_order(results))
}
