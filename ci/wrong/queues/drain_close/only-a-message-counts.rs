//! A branch with the pattern `Ok(())` is turned off when the sender is dropped. Caught by `drain_close::a_dropped_sender_counts_as_a_message`, which says "only `Ok(())` is taken for the evening".

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
            Ok(()) = &mut evening => {
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
                Ok(()) = &mut evening => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}
