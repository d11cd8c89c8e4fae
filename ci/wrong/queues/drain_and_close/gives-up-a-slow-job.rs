//! Gives up a job that takes longer than a minute after the signal. Caught by `drain_and_close::no_wait_and_no_job_is_given_up`, which says "given up when it takes some time".

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
                output = &mut processing => break Some(output),
                () = sleep(Duration::from_secs(60)), if !open => break None,
            }
        };
        outputs.extend(output);
    }
    outputs
}
