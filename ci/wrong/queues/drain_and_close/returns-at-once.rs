//! After the signal it returns, and drops the queue with the jobs in it. Caught by `drain_and_close::processes_accepted_jobs_in_any_order`, which says "Never started".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut shutdown = shutdown.fuse();
    let mut outputs = Vec::new();
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown => return outputs,
            job = queue.recv() => job,
        };
        let Some(job) = job else { return outputs };
        let mut processing = pin!(stages.process(job));
        let mut closing = false;
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
        if closing {
            return outputs;
        }
    }
}
