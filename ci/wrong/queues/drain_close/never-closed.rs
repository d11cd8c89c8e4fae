//! In the evening it goes on as before, until the senders have gone. Caught by `drain_close::a_dropped_sender_counts_as_a_message`, which says "it did not close within 5 seconds".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    while let Some(job) = queue.recv().await {
        outputs.push(stages.process(job).await);
    }
    outputs
}
