//! In the evening it returns, and the rack is dropped with what is in it. Caught by `drain_close::what_was_accepted_is_reported_in_any_order`, which says "left in a queue when everybody had gone".

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
            _ = &mut evening => return reports,
            sample = rack.recv() => sample,
        };
        let Some(sample) = sample else { return reports };
        let mut analysis = pin!(lab.analyse(sample));
        let mut late = false;
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
        if late {
            return reports;
        }
    }
}
