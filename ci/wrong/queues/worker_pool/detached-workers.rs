//! The workers are tasks, and dropping a `JoinHandle` does not stop its task. Caught by `worker_pool::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = Arc::new(tokio::sync::Mutex::new(queue));
    let workers: Vec<_> = (0..workers)
        .map(|_| {
            let (queue, stages) = (Arc::clone(&queue), stages.clone());
            tokio::spawn(async move {
                let mut outputs = Vec::new();
                loop {
                    let job = queue.lock().await.recv().await;
                    let Some(job) = job else { return outputs };
                    outputs.push(stages.process(job).await);
                }
            })
        })
        .collect();
    let mut outputs = Vec::new();
    for worker in workers {
        outputs.extend(worker.await.unwrap());
    }
    outputs
}
