//! It returns when the rack is empty, and what is being analysed then is dropped. Caught by `worker_pool::ends_when_the_last_sample_is_done`, which says "does not wait for the last".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn worker_pool(
    mut rack: mpsc::Receiver<Sample>,
    analysers: usize,
    lab: &Lab,
) -> Vec<Report> {
    let (mut under_way, mut reports) = (FuturesUnordered::new(), Vec::new());
    loop {
        tokio::select! {
            biased;
            Some(report) = under_way.next() => reports.push(report),
            sample = rack.recv(), if under_way.len() < analysers => match sample {
                Some(sample) => under_way.push(lab.analyse(sample)),
                None => return reports,
            },
        }
    }
}
