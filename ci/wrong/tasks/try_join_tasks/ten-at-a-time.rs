//! Runs only ten jobs at a time. Caught by `try_join_tasks::after_an_error_the_others_are_gone`, which says "limits how many jobs run at a time".

pub async fn try_join_tasks<T: Send + 'static, E: Send + 'static>(
    jobs: Vec<impl Future<Output = Result<T, E>> + Send + 'static>,
) -> Result<Vec<T>, E> {
    let mut waiting = jobs.into_iter().enumerate();
    let mut tasks = JoinSet::new();
    for (index, job) in waiting.by_ref().take(10) {
        tasks.spawn(async move { (index, job.await) });
    }
    let mut outputs = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((index, Ok(output))) => outputs.push((index, output)),
            Ok((_, Err(error))) => {
                tasks.shutdown().await;
                return Err(error);
            }
            Err(panicked) => {
                tasks.shutdown().await;
                resume_unwind(panicked.into_panic());
            }
        }
        if let Some((index, job)) = waiting.next() {
            tasks.spawn(async move { (index, job.await) });
        }
    }
    Ok(in_order(outputs))
}
