//! Each channel holds one job, whatever `capacity` is. Caught by `pipeline::a_slow_stage_applies_backpressure`, which says "fewer than `capacity` jobs fit".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    _capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(1);
    let (processed, mut to_store) = mpsc::channel(1);

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
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}
