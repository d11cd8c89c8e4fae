//! A task is aborted with the future, and the workers that it has spawned are not. Caught by `pipeline::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let (prepared, to_process) = mpsc::channel(capacity);
    let (processed, mut to_store) = mpsc::channel(capacity);
    let for_workers = stages.clone();
    let supervisor = tokio::spawn(async move {
        let to_process = Arc::new(tokio::sync::Mutex::new(to_process));
        let workers = (0..workers).map(|_| {
            let (stages, to_process, processed) =
                (for_workers.clone(), Arc::clone(&to_process), processed.clone());
            tokio::spawn(async move {
                loop {
                    let job = to_process.lock().await.recv().await;
                    let Some(job) = job else { return };
                    if processed.send(stages.process(job).await).await.is_err() {
                        return;
                    }
                }
            })
        });
        let workers: Vec<_> = workers.collect();
        drop(processed);
        join_all(workers).await;
    });
    let _supervisor = AbortOnDropHandle::new(supervisor);

    let prepare = async move {
        while let Some(job) = jobs.recv().await {
            let job = stages.prepare(job).await;
            if prepared.send(job).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let store = async {
        let mut stored = 0;
        while let Some(output) = to_store.recv().await {
            stages.store(output).await?;
            stored += 1;
        }
        Ok(stored)
    };
    let ((), stored) = tokio::try_join!(prepare, store)?;
    Ok(stored)
}
