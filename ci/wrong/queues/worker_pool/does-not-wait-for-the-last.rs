//! It returns when the queue is empty, and what is being processed then is dropped. Caught by `worker_pool::ends_when_the_last_job_is_done`, which says "does not wait for the last".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn worker_pool(
    mut queue: mpsc::Receiver<Job>,
    workers: usize,
    stages: &Stages,
) -> Vec<Output> {
    let (mut under_way, mut outputs) = (FuturesUnordered::new(), Vec::new());
    loop {
        tokio::select! {
            biased;
            Some(output) = under_way.next() => outputs.push(output),
            job = queue.recv(), if under_way.len() < workers => match job {
                Some(job) => under_way.push(stages.process(job)),
                None => return outputs,
            },
        }
    }
}
