//! All of it happens in a task, which continues to run when the future is dropped. Caught by `drain_and_close::stops_when_dropped`, which says "its handle dropped".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let stages = stages.clone();
    let work = async move {
        let mut shutdown = shutdown.fuse();
        let mut outputs = Vec::new();
        loop {
            let job = tokio::select! {
                biased;
                _ = &mut shutdown => {
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
                    _ = &mut shutdown => queue.close(),
                    output = &mut processing => break output,
                }
            });
        }
    };
    tokio::spawn(work).await.unwrap()
}
