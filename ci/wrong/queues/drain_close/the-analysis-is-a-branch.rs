//! The analysis is a branch of the `select!`, and is dropped when the evening comes. Caught by `drain_close::what_is_under_way_is_finished`, which says "that the evening wins".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    loop {
        let sample = tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                continue;
            }
            sample = rack.recv() => sample,
        };
        let Some(sample) = sample else { return reports };
        let report = tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                lab.analyse(sample).await
            }
            report = lab.analyse(sample) => report,
        };
        reports.push(report);
    }
}
