//! Each job gets a task of its own, and `workers` is not looked at. Caught by `worker_pool::as_many_at_a_time_as_there_are_workers`, which says "nobody counts them".

use tokio::task::JoinSet;

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut tasks = JoinSet::new();
    while let Some(job) = queue.recv().await {
        let stages = stages.clone();
        tasks.spawn(async move { stages.process(job).await });
    }
    tasks.join_all().await
}
