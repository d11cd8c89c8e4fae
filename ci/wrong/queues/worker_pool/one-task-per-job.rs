//! Each job gets a task of its own, and `workers` is ignored. Caught by `worker_pool::runs_as_many_jobs_as_workers`, which says "a task of its own".

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
