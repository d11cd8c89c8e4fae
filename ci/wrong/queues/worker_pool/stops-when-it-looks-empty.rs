//! A worker returns when the queue looks empty, although more jobs may come. Caught by `worker_pool::processes_every_job_exactly_once_in_any_order`, which says "taken for a closed one".

use std::sync::Mutex as Lock;

pub async fn worker_pool(queue: mpsc::Receiver<Job>, workers: usize, stages: &Stages) -> Vec<Output> {
    let queue = Lock::new(queue);
    let workers = (0..workers).map(async |_| {
        let mut outputs = Vec::new();
        loop {
            let next = queue.lock().unwrap().try_recv();
            let Ok(job) = next else { return outputs };
            outputs.push(stages.process(job).await);
        }
    });
    join_all(workers).await.concat()
}
