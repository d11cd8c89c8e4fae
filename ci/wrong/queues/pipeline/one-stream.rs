//! The stages are steps of one stream, which is not polled while an output is stored. Caught by `pipeline::stages_overlap`, which says "is not polled while".

use futures::{StreamExt, stream};

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let _ = capacity;
    let outputs = stream::poll_fn(|cx| jobs.poll_recv(cx))
        .then(|job| stages.prepare(job))
        .map(|job| stages.process(job))
        .buffer_unordered(workers);
    let mut outputs = pin!(outputs);
    let mut stored = 0;
    while let Some(output) = outputs.next().await {
        stages.store(output).await?;
        stored += 1;
    }
    Ok(stored)
}
