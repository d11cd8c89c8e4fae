//! What is left in the evening is processed all at once. Caught by `drain_close::one_after_the_other`, which says "processed all at once".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    let mut late = false;
    while !late {
        let job = tokio::select! {
            biased;
            _ = &mut evening => {
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
                _ = &mut evening => {
                    queue.close();
                    late = true;
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
