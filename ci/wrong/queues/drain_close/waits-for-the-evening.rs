//! It ends in the evening, and never before. Caught by `drain_close::without_an_evening_the_senders_end_it`, which says "waits for the evening in any case".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    let (mut late, mut gone) = (false, false);
    while !(late && gone) {
        let job = tokio::select! {
            biased;
            _ = &mut evening => {
                queue.close();
                late = true;
                continue;
            }
            job = queue.recv(), if !gone => job,
        };
        let Some(job) = job else {
            gone = true;
            continue;
        };
        let mut processing = pin!(stages.process(job));
        outputs.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => {
                    queue.close();
                    late = true;
                }
                output = &mut processing => break output,
            }
        });
    }
    outputs
}
