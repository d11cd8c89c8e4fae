//! Closes the queue when it is empty for the first time. Caught by `worker_pool::processes_every_job_exactly_once_in_any_order`, which says "closes the queue, or drops its receiver".

use futures::StreamExt;
use futures::stream::FuturesUnordered;
pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut running = FuturesUnordered::new();
    let mut outputs = Vec::new();
    let mut open = true;
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            job = queue.recv(), if open && running.len() < workers => match job {
                Some(job) => {
                    running.push(stages.process(job));
                    if queue.is_empty() && outputs.len() >= 2 {
                        queue.close();
                    }
                }
                None => open = false,
            },
            Some(output) = running.next() => outputs.push(output),
        }
    }
    outputs
}
