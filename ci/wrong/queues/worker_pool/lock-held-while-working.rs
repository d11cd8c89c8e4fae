//! `while let` around the lock keeps the lock until the sample is analysed. Caught by `worker_pool::as_many_at_a_time_as_there_are_workers`, which says "the workers take turns".

pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = tokio::sync::Mutex::new(rack);
    let workers = (0..analysers).map(async |_| {
        let mut reports = Vec::new();
        while let Some(sample) = rack.lock().await.recv().await {
            reports.push(lab.analyse(sample).await);
        }
        reports
    });
    join_all(workers).await.concat()
}
