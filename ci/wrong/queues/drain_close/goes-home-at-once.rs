//! In the evening it returns, and the queue is dropped with what is in it. Caught by `drain_close::what_was_accepted_is_processed_in_any_order`, which says "left in a queue when everybody had gone".

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
            _ = &mut evening => return outputs,
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let mut processing = pin!(stages.process(job));
        let mut late = false;
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
        if late {
            return outputs;
        }
    }
}
