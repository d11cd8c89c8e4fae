//! Waits for one reserved permit, and returns after its job. Caught by `drain_and_close::any_jobs_permits_and_signal`, which says "does not wait for all permits".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut open = true;
    let mut waited = false;
    loop {
        if !open && queue.is_empty() {
            waited = true;
        }
        let job = tokio::select! {
            biased;
            _ = &mut shutdown, if open => {
                open = false;
                queue.close();
                continue;
            }
            job = queue.recv() => job,
        };
        let Some(job) = job else { break };
        let mut processing = pin!(stages.process(job));
        let output = loop {
            tokio::select! {
                biased;
                _ = &mut shutdown, if open => {
                    open = false;
                    queue.close();
                }
                output = &mut processing => break output,
            }
        };
        outputs.push(output);
        if !open && waited {
            break;
        }
    }
    outputs
}
