//! Skips a job whose number it has seen before. Caught by `worker_pool::any_jobs_through_a_queue_of_any_capacity`, which says "some of which may have the same number".

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::collections::HashSet;
pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let mut running = FuturesUnordered::new();
    let mut outputs = Vec::new();
    let mut seen = HashSet::new();
    let mut open = true;
    while open || !running.is_empty() {
        tokio::select! {
            biased;
            job = queue.recv(), if open && running.len() < workers => match job {
                Some(job) if !seen.insert(job) => {}
                Some(job) => running.push(stages.process(job)),
                None => open = false,
            },
            Some(output) = running.next() => outputs.push(output),
        }
    }
    outputs
}
