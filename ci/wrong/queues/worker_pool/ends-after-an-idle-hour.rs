//! Returns if no job has come for an hour, although the queue is open. Caught by `worker_pool::no_wait_and_no_job_is_given_up`, which says "when no job has come for some time".

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
            job = tokio::time::timeout(Duration::from_secs(3600), queue.recv()), if open && running.len() < workers => match job.ok().flatten() {
                Some(job) => running.push(stages.process(job)),
                None => open = false,
            },
            Some(output) = running.next() => outputs.push(output),
        }
    }
    outputs
}
