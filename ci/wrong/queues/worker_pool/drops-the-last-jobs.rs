//! It returns when the queue is closed and empty, and drops the jobs in progress. Caught by `worker_pool::ends_after_the_last_job`, which says "does not wait for the jobs that are in progress".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let (mut in_progress, mut outputs) = (FuturesUnordered::new(), Vec::new());
    loop {
        tokio::select! {
            biased;
            Some(output) = in_progress.next() => outputs.push(output),
            job = queue.recv(), if in_progress.len() < workers => match job {
                Some(job) => in_progress.push(stages.process(job)),
                None => return outputs,
            },
        }
    }
}
