//! All jobs are collected before the first one is processed. Caught by `worker_pool::starts_a_job_when_it_arrives`, which says "collected first".

use futures::{StreamExt, stream};

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut jobs = Vec::new();
    while let Some(job) = queue.recv().await {
        jobs.push(job);
    }
    stream::iter(jobs)
        .map(|job| stages.process(job))
        .buffer_unordered(workers)
        .collect()
        .await
}
