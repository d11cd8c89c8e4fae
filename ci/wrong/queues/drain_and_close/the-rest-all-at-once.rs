//! The jobs that are left after the signal are processed all at once. Caught by `drain_and_close::processes_one_job_at_a_time`, which says "processed all at once".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    let mut closing = false;
    while !closing {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                break;
            }
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut shutdown => {
                    queue.close();
                    closing = true;
                }
                output = &mut processing => break output,
            }
        });
    }
    let mut rest = Vec::new();
    while let Some(job) = queue.recv().await {
        rest.push(stages.process(job));
    }
    outputs.extend(join_all(rest).await);
    outputs
}
