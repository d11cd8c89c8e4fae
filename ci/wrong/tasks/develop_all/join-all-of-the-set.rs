//! Takes `JoinSet::join_all` for one that keeps the order. Caught by `develop_all::keeps_the_order_of_jobs`, which says "the order in which they came".

pub async fn develop_all<T: Send + 'static>(
    jobs: Vec<impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: JoinSet<T> = jobs.into_iter().collect();
    tasks.join_all().await
}
