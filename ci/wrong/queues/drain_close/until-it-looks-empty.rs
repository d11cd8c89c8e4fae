//! After the evening it takes what is there with `try_recv`, and goes home when there is nothing. Caught by `drain_close::a_reserved_place_is_good`, which says "when the queue looks empty".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut evening = pin!(evening.fuse());
    let mut outputs = Vec::new();
    let mut late = false;
    loop {
        let job = if late {
            queue.try_recv().ok()
        } else {
            tokio::select! {
                biased;
                _ = &mut evening => {
                    queue.close();
                    late = true;
                    continue;
                }
                job = queue.recv() => job,
            }
        };
        let Some(job) = job else { return outputs };
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
}
