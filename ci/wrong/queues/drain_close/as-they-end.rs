//! Two are processed at a time, and returned as they end. Caught by `drain_close::outputs_are_in_order`, which says "returned as they end".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    let mut under_way = FuturesUnordered::new();
    let mut open = true;
    while open || !under_way.is_empty() {
        tokio::select! {
            biased;
            _ = &mut evening => queue.close(),
            Some(output) = under_way.next() => outputs.push(output),
            job = queue.recv(), if open && under_way.len() < 2 => match job {
                Some(job) => under_way.push(stages.process(job)),
                None => open = false,
            },
        }
    }
    outputs
}
