//! The first stage receives the next job while it waits for a slot for its result. Caught by `pipeline::a_slow_stage_applies_backpressure`, which says "receives the next job while it waits".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(capacity);
    let (processed, mut to_store) = mpsc::channel(capacity);

    let prepare = async move {
        let mut next = jobs.recv().await;
        while let Some(job) = next {
            let job = stages.prepare(job).await;
            let (sent, following) = tokio::join!(prepared.send(job), jobs.recv());
            if sent.is_err() {
                break;
            }
            next = following;
        }
        Ok(())
    };

    let to_process = tokio::sync::Mutex::new(to_process);
    let worker = async |processed: mpsc::Sender<Output>| {
        loop {
            let job = to_process.lock().await.recv().await;
            let Some(job) = job else { return };
            let output = stages.process(job).await;
            if processed.send(output).await.is_err() {
                return;
            }
        }
    };
    let workers = join_all((0..workers).map(|_| worker(processed.clone())));
    drop(processed);

    let store = async {
        let mut stored = 0;
        while let Some(output) = to_store.recv().await {
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}
