//! In the evening it collects what is left in the rack, and goes on with the analysis after that. Caught by `drain_close::a_reserved_place_holds_nothing_up`, which says "the rest of the rack is collected first".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let (mut reports, mut rest) = (Vec::new(), Vec::new());
    'day: loop {
        let sample = tokio::select! {
            biased;
            _ = &mut evening => break 'day,
            sample = rack.recv() => sample,
        };
        let Some(sample) = sample else { return reports };
        let mut analysis = pin!(lab.analyse(sample));
        tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                while let Some(sample) = rack.recv().await {
                    rest.push(sample);
                }
                reports.push(analysis.await);
                break 'day;
            }
            report = &mut analysis => reports.push(report),
        }
    }
    rack.close();
    while let Some(sample) = rack.recv().await {
        rest.push(sample);
    }
    for sample in rest {
        reports.push(lab.analyse(sample).await);
    }
    reports
}
