//! Keeps one output for each job number. Caught by `worker_pool::any_jobs_through_a_queue_of_any_capacity`, which says "with the same job number".

pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let queue = tokio::sync::Mutex::new(queue);
    let outputs = Mutex::new(std::collections::HashMap::new());
    let workers = (0..workers).map(async |_| {
        loop {
            let job = queue.lock().await.recv().await;
            let Some(job) = job else { return };
            let output = stages.process(job).await;
            outputs
                .lock()
                .expect("not poisoned")
                .insert(format!("{job:?}"), output);
        }
    });
    join_all(workers).await;
    outputs
        .into_inner()
        .expect("not poisoned")
        .into_values()
        .collect()
}
