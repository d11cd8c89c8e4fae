//! `while let` around the lock keeps the lock until the job is processed. Caught by `worker_pool::as_many_at_a_time_as_there_are_workers`, which says "the workers take turns".

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = tokio::sync::Mutex::new(queue);
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        while let Some(job) = queue.lock().await.recv().await {
            outputs.push(stages.process(job).await);
        }
        outputs
    });
    join_all(workers).await.concat()
}
