//! The workers are tasks, and a dropped `JoinHandle` does not stop its task. Caught by `worker_pool::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;

pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = Arc::new(tokio::sync::Mutex::new(rack));
    let workers: Vec<_> = (0..analysers)
        .map(|_| {
            let (rack, lab) = (Arc::clone(&rack), lab.clone());
            tokio::spawn(async move {
                let mut reports = Vec::new();
                loop {
                    let sample = rack.lock().await.recv().await;
                    let Some(sample) = sample else { return reports };
                    reports.push(lab.analyse(sample).await);
                }
            })
        })
        .collect();
    let mut reports = Vec::new();
    for worker in workers {
        reports.extend(worker.await.unwrap());
    }
    reports
}
