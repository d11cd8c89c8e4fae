//! It ends in the evening, and never before. Caught by `drain_close::without_an_evening_the_senders_end_it`, which says "waits for the evening in any case".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    let (mut late, mut gone) = (false, false);
    while !(late && gone) {
        let sample = tokio::select! {
            biased;
            _ = &mut evening => {
                rack.close();
                late = true;
                continue;
            }
            sample = rack.recv(), if !gone => sample,
        };
        let Some(sample) = sample else {
            gone = true;
            continue;
        };
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
    reports
}
