//! Starts no more workers than the queue has slots. Caught by `worker_pool::any_jobs_through_a_queue_of_any_capacity`, which says "the peak was 1".

pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    // More workers than the queue has slots would have nothing to do.
    let workers = workers.min(queue.max_capacity());
    let queue = tokio::sync::Mutex::new(queue);
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        loop {
            let job = queue.lock().await.recv().await;
            let Some(job) = job else { return outputs };
            outputs.push(stages.process(job).await);
        }
    });
    join_all(workers).await.concat()
}
