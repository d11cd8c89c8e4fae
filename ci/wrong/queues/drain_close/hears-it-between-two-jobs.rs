//! The evening is listened for between two jobs, as on the page, and not during one. Caught by `drain_close::the_queue_closes_at_that_instant`, which says "heard only between two jobs".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut evening => {
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        outputs.push(stages.process(job).await);
    }
}
