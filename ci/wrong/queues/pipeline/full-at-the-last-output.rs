//! Returns `Ok` if the storage is full at the very last output. Caught by `pipeline::any_jobs_until_the_storage_is_full`, which says "returned Ok(".

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
        while let Some(output) = to_store.recv().await {
            if let Err(full) = stages.store(output).await {
                if to_store.is_closed() && to_store.is_empty() {
                    break;
                }
                return Err(full);
            }
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}
