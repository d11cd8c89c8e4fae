//! Each stage is a task, and dropping a handle does not stop it. Caught by `pipeline::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(capacity);
    let (processed, mut to_store) = mpsc::channel(capacity);
    let first = stages.clone();
    tokio::spawn(async move {
        while let Some(job) = jobs.recv().await {
            if prepared.send(first.prepare(job).await).await.is_err() {
                break;
            }
        }
    });
    let to_process = Arc::new(tokio::sync::Mutex::new(to_process));
    for _ in 0..workers {
        let (stages, to_process, processed) = (stages.clone(), Arc::clone(&to_process), processed.clone());
        tokio::spawn(async move {
            loop {
                let job = to_process.lock().await.recv().await;
                let Some(job) = job else { return };
                if processed.send(stages.process(job).await).await.is_err() {
                    return;
                }
            }
        });
    }
    drop(processed);
    let mut stored = 0;
    while let Some(output) = to_store.recv().await {
        stages.store(output).await?;
        stored += 1;
    }
    Ok(stored)
}
