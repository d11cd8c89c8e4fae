//! Two jobs are processed at a time, and their outputs returned in completion order. Caught by `drain_and_close::returns_outputs_in_order`, which says "in completion order".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    let mut in_progress = FuturesUnordered::new();
    let mut open = true;
    while open || !in_progress.is_empty() {
        tokio::select! {
            biased;
            _ = &mut shutdown => queue.close(),
            Some(output) = in_progress.next() => outputs.push(output),
            job = queue.recv(), if open && in_progress.len() < 2 => match job {
                Some(job) => in_progress.push(stages.process(job)),
                None => open = false,
            },
        }
    }
    outputs
}
