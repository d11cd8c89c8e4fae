//! The workers look into the rack once a millisecond. Caught by `worker_pool::sleeps_until_there_is_a_sample`, which says "look into the rack now and then".

use tokio::sync::mpsc::error::TryRecvError;

pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    let rack = Mutex::new(rack);
    let workers = (0..analysers).map(async |_| {
        let mut reports = Vec::new();
        loop {
            let next = rack.lock().unwrap().try_recv();
            match next {
                Ok(sample) => reports.push(lab.analyse(sample).await),
                Err(TryRecvError::Empty) => sleep(Duration::from_millis(1)).await,
                Err(TryRecvError::Disconnected) => return reports,
            }
        }
    });
    join_all(workers).await.concat()
}
