//! In the evening it goes on as before, until the senders have gone. Caught by `drain_close::a_dropped_bell_rings_too`, which says "it did not close within 5 seconds".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut reports = Vec::new();
    while let Some(sample) = rack.recv().await {
        reports.push(lab.analyse(sample).await);
    }
    reports
}
