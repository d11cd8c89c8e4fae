//! After the signal it receives with `try_recv`, and returns when nothing is there. Caught by `drain_and_close::accepts_a_job_in_a_reserved_slot`, which says "when the queue looks empty".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    let mut closing = false;
    loop {
        let job = if closing {
            queue.try_recv().ok()
        } else {
            tokio::select! {
                biased;
                _ = &mut shutdown => {
                    queue.close();
                    closing = true;
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
                _ = &mut shutdown => {
                    queue.close();
                    closing = true;
                }
                output = &mut processing => break output,
            }
        });
    }
}
