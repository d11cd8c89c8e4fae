//! Every prepared job is processed at once, and `workers` is ignored. Caught by `pipeline::no_stage_exceeds_its_limit`, which says "a future of its own".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

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
    let workers = async move {
        let mut to_process = to_process.lock().await;
        let (mut in_progress, out) = (FuturesUnordered::new(), &processed);
        loop {
            tokio::select! {
                biased;
                Some(()) = in_progress.next() => {}
                Some(job) = to_process.recv() => in_progress.push(async move {
                    let _ = out.send(stages.process(job).await).await;
                }),
                else => return,
            }
        }
    };
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
