//! Expects input order from `JoinSet::join_all`. Caught by `join_in_order::keeps_the_input_order`, which says "in completion order".

pub async fn join_in_order<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: JoinSet<T> = jobs.into_iter().collect();
    tasks.join_all().await
}
