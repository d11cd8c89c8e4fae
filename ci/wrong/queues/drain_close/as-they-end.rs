//! Two are analysed at a time, and reported as they end. Caught by `drain_close::reports_are_in_order`, which says "reported as they end".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    let mut under_way = FuturesUnordered::new();
    let mut open = true;
    while open || !under_way.is_empty() {
        tokio::select! {
            biased;
            _ = &mut evening => rack.close(),
            Some(report) = under_way.next() => reports.push(report),
            sample = rack.recv(), if open && under_way.len() < 2 => match sample {
                Some(sample) => under_way.push(lab.analyse(sample)),
                None => open = false,
            },
        }
    }
    reports
}
