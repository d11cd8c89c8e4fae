//! The signal is polled while a job is processed, and not while the loop waits for one. Caught by `drain_and_close::the_signal_is_noticed_while_the_queue_is_empty`, which says "it did not close within 5 seconds".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut open = true;
    loop {
        let Some(job) = queue.recv().await else { break };
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
