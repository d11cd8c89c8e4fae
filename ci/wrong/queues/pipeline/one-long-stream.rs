//! The stages are steps of one stream, which stands still while an output is stored. Caught by `pipeline::the_stages_work_at_the_same_time`, which says "stands still while another is at work".

use futures::{StreamExt, stream};

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    room: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let _ = room;
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
