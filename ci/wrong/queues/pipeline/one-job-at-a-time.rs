//! Each job goes through all three stages before the next one starts. Caught by `pipeline::stages_overlap`, which says "goes through all stages".

pub async fn pipeline(
    mut jobs: mpsc::Receiver<Job>,
    workers: usize,
    capacity: usize,
    stages: &Stages,
) -> Result<usize, StorageFull> {
    let mut stored = 0;
    while let Some(job) = jobs.recv().await {
        let job = stages.prepare(job).await;
        let output = stages.process(job).await;
        stages.store(output).await?;
        stored += 1;
    }
    Ok(stored)
}
