//! `while let` holds the lock until the job has been processed. Caught by `worker_pool::runs_as_many_jobs_as_workers`, which says "keeps the lock on the receiver".

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
