//! A worker returns when no job is waiting, although more may come. Caught by `pipeline::stores_every_job_exactly_once_in_any_order`, which says "Never started".

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
            if prepared.send(stages.prepare(job).await).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let to_process = tokio::sync::Mutex::new(to_process);
    let worker = async |processed: mpsc::Sender<Output>| {
        let mut started = false;
        loop {
            let job = to_process.lock().await.try_recv();
            let Ok(job) = job else {
                if started {
                    return;
                }
                tokio::time::sleep(Duration::from_micros(500)).await;
                continue;
            };
            started = true;
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
