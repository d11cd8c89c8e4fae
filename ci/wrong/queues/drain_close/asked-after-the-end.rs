//! The receiver of the evening is asked again after it was ready. Caught by `drain_close::reports_are_in_order`, which says "called after complete".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = evening;
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
        let mut analysis = pin!(lab.analyse(sample));
        reports.push(loop {
            tokio::select! {
                biased;
                _ = &mut evening => rack.close(),
                report = &mut analysis => break report,
            }
        });
    }
}
