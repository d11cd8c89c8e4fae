//! The processing is a branch of the `select!`, and is dropped when the evening comes. Caught by `drain_close::what_is_under_way_is_finished`, which says "that the evening wins".

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
        let output = tokio::select! {
            biased;
            _ = &mut evening => {
                queue.close();
                stages.process(job).await
            }
            output = stages.process(job) => output,
        };
        outputs.push(output);
    }
}
