//! If the sender of the signal was dropped before the call, the signal is never polled. Caught by `drain_and_close::a_signal_that_was_given_before_loses_no_job`, which says "was dropped before the call".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    let given = shutdown.try_recv();
    let mut open = given == Err(oneshot::error::TryRecvError::Empty);
    if given.is_ok() {
        queue.close();
    }
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown, if open => {
                open = false;
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        let Some(job) = job else { break };
        let mut processing = pin!(stages.process(job));
        let output = loop {
            tokio::select! {
                biased;
                _ = &mut shutdown, if open => {
                    open = false;
                    queue.close();
                }
                output = &mut processing => break output,
            }
        };
        outputs.push(output);
    }
    outputs
}
