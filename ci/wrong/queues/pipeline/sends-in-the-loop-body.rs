//! The jobs are a stream, and its outputs are sent in the body of the loop over it. Caught by `pipeline::processing_continues_while_an_output_waits`, which says "stops while an output waits".

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

    let process = async move {
        use futures::StreamExt;
        let waiting = |mut waiting: mpsc::Receiver<Job>| async move {
            Some((waiting.recv().await?, waiting))
        };
        let mut outputs = futures::stream::unfold(to_process, waiting)
            .map(|job| stages.process(job))
            .buffer_unordered(workers);
        let mut outputs = pin!(outputs);
        while let Some(output) = outputs.next().await {
            if processed.send(output).await.is_err() {
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

    let ((), (), stored) = tokio::try_join!(prepare, process, store)?;
    Ok(stored)
}
