//! The evening is listened for between two analyses, as on the page, and not during one. Caught by `drain_close::the_rack_closes_at_that_instant`, which says "heard only between two analyses".

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
        reports.push(lab.analyse(sample).await);
    }
}
