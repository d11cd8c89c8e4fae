//! After the signal it collects the rest of the queue, and then continues processing. Caught by `drain_and_close::a_reserved_slot_delays_nothing`, which says "the rest of the queue is collected first".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let (mut outputs, mut rest) = (Vec::new(), Vec::new());
    'serving: loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => break 'serving,
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let mut processing = pin!(stages.process(job));
        tokio::select! {
            biased;
            _ = &mut shutdown => {
                queue.close();
                while let Some(job) = queue.recv().await {
                    rest.push(job);
                }
                outputs.push(processing.await);
                break 'serving;
            }
            output = &mut processing => outputs.push(output),
        }
    }
    queue.close();
    while let Some(job) = queue.recv().await {
        rest.push(job);
    }
    for job in rest {
        outputs.push(stages.process(job).await);
    }
    outputs
}
