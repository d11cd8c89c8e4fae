//! Unwraps the join error. Caught by `develop_all::a_panic_goes_on_at_its_instant`, which says "with other words".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut tasks = numbered(jobs);
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        results.push(ended.unwrap());
    }
    in_order(results)
}
