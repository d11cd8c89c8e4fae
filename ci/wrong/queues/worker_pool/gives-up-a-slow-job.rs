//! Gives up a job that takes longer than a minute. Caught by `worker_pool::no_wait_and_no_job_is_given_up`, which says "given up when it takes some time".

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
                Some(job) => running.push(tokio::time::timeout(Duration::from_secs(60), stages.process(job))),
                None => open = false,
            },
            Some(output) = running.next() => outputs.extend(output),
        }
    }
    outputs
}
