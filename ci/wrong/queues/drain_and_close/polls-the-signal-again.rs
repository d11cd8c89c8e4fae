//! The receiver of the signal is polled again after it was ready. Caught by `drain_and_close::returns_outputs_in_order`, which says "called after complete".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown;
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
        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut shutdown => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}
