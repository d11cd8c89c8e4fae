//! The outputs come through a channel, and the function that receives them keeps a sender. Caught by `worker_pool::ends_after_the_last_job`, which says "holds a sender of it itself".

use std::sync::Arc;
use tokio::task::JoinSet;

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = Arc::new(tokio::sync::Mutex::new(queue));
    let (outputs, mut collected) = mpsc::channel(workers);
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        let (queue, stages, outputs) = (Arc::clone(&queue), stages.clone(), outputs.clone());
        tasks.spawn(async move {
            loop {
                let job = queue.lock().await.recv().await;
                let Some(job) = job else { return };
                let _ = outputs.send(stages.process(job).await).await;
            }
        });
    }
    let mut all = Vec::new();
    while let Some(output) = collected.recv().await {
        all.push(output);
    }
    all
}
