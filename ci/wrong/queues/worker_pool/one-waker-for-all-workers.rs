//! All workers poll the receiver, which remembers the waker of the latest poll only. Caught by `worker_pool::every_worker_is_woken`, which says "the waker of its latest poll".

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = Mutex::new(queue);
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        while let Some(job) = std::future::poll_fn(|cx| queue.lock().unwrap().poll_recv(cx)).await {
            outputs.push(stages.process(job).await);
        }
        outputs
    });
    join_all(workers).await.concat()
}
