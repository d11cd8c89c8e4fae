//! A task is aborted with the future, and the workers that it has spawned are not. Caught by `worker_pool::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let stages = stages.clone();
    let supervisor = tokio::spawn(async move {
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        let workers = (0..workers).map(|_| {
            let (queue, stages) = (Arc::clone(&queue), stages.clone());
            tokio::spawn(async move {
                let mut outputs = Vec::new();
                loop {
                    let job = queue.lock().await.recv().await;
                    let Some(job) = job else { return outputs };
                    outputs.push(stages.process(job).await);
                }
            })
        });
        let outputs = join_all(workers).await.into_iter();
        outputs.flat_map(Result::unwrap).collect()
    });
    AbortOnDropHandle::new(supervisor).await.unwrap()
}
