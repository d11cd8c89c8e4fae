//! The receiver of the evening is asked again after it was ready. Caught by `drain_close::outputs_are_in_order`, which says "called after complete".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = evening;
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
        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}
