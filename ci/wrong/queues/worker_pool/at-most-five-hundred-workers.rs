//! Starts at most five hundred workers. Caught by `worker_pool::every_worker_is_woken`, which says "it should end at 50 ms".

use std::sync::Arc;
use tokio::task::JoinSet;
pub async fn worker_pool(
    queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let queue = Arc::new(tokio::sync::Mutex::new(queue));
    let mut pool = JoinSet::new();
    for _ in 0..workers.min(500) {
        let (queue, stages) = (Arc::clone(&queue), stages.clone());
        pool.spawn(async move {
            let mut outputs = Vec::new();
            loop {
                let job = queue.lock().await.recv().await;
                match job {
                    Some(job) => outputs.push(stages.process(job).await),
                    None => return outputs,
                }
            }
        });
    }
    pool.join_all().await.into_iter().flatten().collect()
}
