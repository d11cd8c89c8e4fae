//! The signal is ignored, and the loop ends only when all senders are gone. Caught by `drain_and_close::the_signal_is_noticed_while_the_queue_is_empty`, which says "it did not close within 5 seconds".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    while let Some(job) = queue.recv().await {
        outputs.push(stages.process(job).await);
    }
    outputs
}
