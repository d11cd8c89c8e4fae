//! It ends after the signal only, even if all senders are gone. Caught by `drain_and_close::ends_without_a_signal_when_all_senders_are_gone`, which says "waits for the signal in any case".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    let (mut closing, mut drained) = (false, false);
    while !(closing && drained) {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                closing = true;
                continue;
            }
            job = queue.recv(), if !drained => job,
        };
        let Some(job) = job else {
            drained = true;
            continue;
        };
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
    outputs
}
