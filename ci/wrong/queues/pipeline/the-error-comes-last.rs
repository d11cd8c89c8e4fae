//! `join!` waits for all stages, and the error comes when they have noticed that nobody receives. Caught by `pipeline::a_full_storage_ends_it_at_that_instant`, which says "kept until the other stages have ended".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    room: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(room);
    let (processed, mut to_store) = mpsc::channel(room);
    let prepare = async move {
        while let Some(job) = jobs.recv().await {
            if prepared.send(stages.prepare(job).await).await.is_err() {
                break;
            }
        }
    };
    let to_process = tokio::sync::Mutex::new(to_process);
    let worker = async |processed: mpsc::Sender<Output>| {
        loop {
            let job = to_process.lock().await.recv().await;
            let Some(job) = job else { return };
            let output = stages.process(job).await;
            if processed.send(output).await.is_err() {
                to_process.lock().await.close();
                return;
            }
        }
    };
    let workers = join_all((0..workers).map(|_| worker(processed.clone())));
    drop(processed);
    let store = async move {
        let mut stored = 0;
        while let Some(output) = to_store.recv().await {
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };
    let ((), _, stored) = tokio::join!(prepare, workers, store);
    stored
}
