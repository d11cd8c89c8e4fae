//! In the evening it collects what is left in the queue, and goes on with the processing after that. Caught by `drain_close::a_reserved_place_holds_nothing_up`, which says "the rest of the queue is collected first".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let (mut outputs, mut rest) = (Vec::new(), Vec::new());
    'day: loop {
        let job = tokio::select! {
            biased;
            _ = &mut evening => break 'day,
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let mut processing = pin!(stages.process(job));
        tokio::select! {
            biased;
            _ = &mut evening => {
                queue.close();
                while let Some(job) = queue.recv().await {
                    rest.push(job);
                }
                outputs.push(processing.await);
                break 'day;
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
