//! Counts the numbers of the stored jobs, and a number that occurs twice counts once. Caught by `pipeline::counts_any_number_of_outputs`, which says "by the numbers of their jobs".

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
    // Each worker has a sender of its own. If this one remained, the last stage would wait forever.
    drop(processed);

    let store = async {
        let mut stored = std::collections::HashSet::new();
        while let Some(output) = to_store.recv().await {
            let Output {
                job: Job(number), ..
            } = output;
            stages.store(output).await?;
            stored.insert(number);
        }
        Ok(stored.len())
    };

    let ((), _, stored) = tokio::try_join!(prepare, workers.map(Ok), store)?;
    Ok(stored)
}
