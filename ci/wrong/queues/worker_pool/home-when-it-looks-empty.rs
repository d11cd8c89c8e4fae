//! A worker goes home when the rack looks empty, though more may come. Caught by `worker_pool::every_sample_exactly_once_in_any_order`, which says "looks empty".

use std::sync::Mutex as Lock;

pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = Lock::new(rack);
    let workers = (0..analysers).map(async |_| {
        let mut reports = Vec::new();
        loop {
            let next = rack.lock().unwrap().try_recv();
            let Ok(sample) = next else { return reports };
            reports.push(lab.analyse(sample).await);
        }
    });
    join_all(workers).await.concat()
}
