//! All of it happens in a task, which runs on when the future is dropped. Caught by `drain_close::stops_when_dropped`, which says "its handle dropped".

pub async fn drain_close(
    mut queue: mpsc::Receiver<Job>,
    evening: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let stages = stages.clone();
    let work = async move {
        let mut evening = pin!(evening.fuse());
        let mut outputs = Vec::new();
        loop {
            let job = tokio::select! {
                biased;
                _ = &mut evening => {
                    queue.close();
                    continue;
                }
                job = queue.recv() => job,
            };
            let Some(job) = job else { return outputs };
            let mut processing = pin!(stages.process(job));
            outputs.push(loop {
                tokio::select! {
                    biased;
                    _ = &mut evening => queue.close(),
                    output = &mut processing => break output,
                }
            });
        }
    };
    tokio::spawn(work).await.unwrap()
}
