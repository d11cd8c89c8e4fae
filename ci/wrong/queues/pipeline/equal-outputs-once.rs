//! Skips an output that equals the one before it. Caught by `pipeline::any_jobs_until_the_storage_is_full`, which says "It should store".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(capacity);
    let (processed, mut to_store) = mpsc::channel(capacity);

    let prepare = async move {
        while let Some(job) = jobs.recv().await {
            let job = stages.prepare(job).await;
            if prepared.send(job).await.is_err() {
                break;
            }
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
        let mut last = None;
        while let Some(output) = to_store.recv().await {
            if last.replace(output) == Some(output) {
                continue;
            }
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}
