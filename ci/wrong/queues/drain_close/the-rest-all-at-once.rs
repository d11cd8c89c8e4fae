//! What is left in the evening is analysed all at once. Caught by `drain_close::one_after_the_other`, which says "analysed all at once".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    let mut late = false;
    while !late {
        let sample = tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                break;
            }
            sample = rack.recv() => sample,
        };
        let Some(sample) = sample else { return reports };
        let mut analysis = pin!(lab.analyse(sample));
        reports.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => {
                    rack.close();
                    late = true;
                }
                report = &mut analysis => break report,
            }
        });
    }
    let mut rest = Vec::new();
    while let Some(sample) = rack.recv().await {
        rest.push(lab.analyse(sample));
    }
    reports.extend(join_all(rest).await);
    reports
}
