//! A branch with the pattern `Ok(())` is disabled when the sender is dropped. Caught by `drain_and_close::the_signal_is_noticed_while_the_queue_is_empty`, which says "only `Ok(())` counts as the signal".

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
            Ok(()) = &mut shutdown => {
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
                Ok(()) = &mut shutdown => queue.close(),
                output = &mut processing => break output,
            }
        });
    }
}
