//! A task is aborted with the future, and the task in which it processes a job is not. Caught by `drain_and_close::stops_when_dropped`, which says "its handle dropped".

use tokio_util::task::AbortOnDropHandle;

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
            let stages = stages.clone();
            let mut processing = tokio::spawn(async move { stages.process(job).await });
            outputs.push(loop {
                tokio::select! {
                    biased;
                    _ = &mut shutdown => queue.close(),
                    output = &mut processing => break output.unwrap(),
                }
            });
        }
    };
    AbortOnDropHandle::new(tokio::spawn(work)).await.unwrap()
}
