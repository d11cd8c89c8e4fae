//! The reports come through a channel, and whoever collects them keeps a sender of it. Caught by `worker_pool::ends_when_the_last_sample_is_done`, which says "they hold a sender themselves".

use std::sync::Arc;
use tokio::task::JoinSet;

pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = Arc::new(tokio::sync::Mutex::new(rack));
    let (reports, mut collected) = mpsc::channel(analysers);
    let mut workers = JoinSet::new();
    for _ in 0..analysers {
        let (rack, lab, reports) = (Arc::clone(&rack), lab.clone(), reports.clone());
        workers.spawn(async move {
            loop {
                let sample = rack.lock().await.recv().await;
                let Some(sample) = sample else { return };
                let _ = reports.send(lab.analyse(sample).await).await;
            }
        });
    }
    let mut all = Vec::new();
    while let Some(report) = collected.recv().await {
        all.push(report);
    }
    all
}
