//! Takes the results as they come. Caught by `develop_all::keeps_the_order_of_jobs`, which says "the order in which they came".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks: JoinSet<T> = jobs.into_iter().collect();
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        results.push(ended.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    results
}
