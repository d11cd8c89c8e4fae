//! The processing is a branch of the `select!`, and is dropped when the signal comes. Caught by `drain_and_close::finishes_the_job_in_progress`, which says "the signal wins".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let output = tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                stages.process(job).await
            }
            output = stages.process(job) => output,
        };
        outputs.push(output);
    }
}
