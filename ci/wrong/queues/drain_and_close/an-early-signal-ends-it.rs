//! Returns at once if the signal was given before. Caught by `drain_and_close::a_signal_that_was_given_before_loses_no_job`, which says "ends at the signal".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    // It is polled again after it was ready. A fused future is pending then.
    if shutdown.try_recv().is_ok() {
        return Vec::new();
    }
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
        // Not when the queue looks empty: a reserved permit stays valid until its owner uses or drops it.
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
