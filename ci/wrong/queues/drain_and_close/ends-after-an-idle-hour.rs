//! Returns if no job has come for an hour, although there is no signal. Caught by `drain_and_close::no_wait_and_no_job_is_given_up`, which says "when no job has come for some time".

pub async fn drain_and_close(
    mut queue: mpsc::Receiver<Job>,
    mut shutdown: oneshot::Receiver<()>,
    stages: &Stages,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut open = true;
    loop {
        let job = tokio::select! {
            biased;
            _ = &mut shutdown, if open => {
                open = false;
                queue.close();
                continue;
            }
            job = queue.recv() => job,
            () = sleep(Duration::from_secs(3600)) => break,
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
    }
    outputs
}
