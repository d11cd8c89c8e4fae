//! `buffered` keeps the order of the jobs, and a slow one holds up those after it. Caught by `pipeline::a_slow_job_does_not_delay_the_others`, which says "as `buffered` does".

use futures::{StreamExt, stream};

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
    let mut to_process = to_process;
    let workers = async move {
        let outputs = stream::poll_fn(|cx| to_process.poll_recv(cx))
            .map(|job| stages.process(job))
            .buffered(workers);
        let mut outputs = pin!(outputs);
        while let Some(output) = outputs.next().await {
            if processed.send(output).await.is_err() {
                break;
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
