//! The channels between the stages are unbounded. Caught by `pipeline::a_slow_stage_applies_backpressure`, which says "where there is no bound".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::unbounded_channel();
    let (processed, mut to_store) = mpsc::unbounded_channel();
    let prepare = async move {
        while let Some(job) = jobs.recv().await {
            if prepared.send(stages.prepare(job).await).is_err() {
                break;
            }
        }
        Ok(())
    };
    let to_process = tokio::sync::Mutex::new(to_process);
    let worker = async |processed: mpsc::UnboundedSender<Output>| {
        loop {
            let job = to_process.lock().await.recv().await;
            let Some(job) = job else { return };
            let output = stages.process(job).await;
            if processed.send(output).is_err() {
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
