//! A branch with the pattern `Ok(())` is turned off when the sender is dropped. Caught by `drain_close::a_dropped_bell_rings_too`, which says "only `Ok(())` is taken for the evening".

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
            Ok(()) = &mut evening => {
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
                Ok(()) = &mut evening => rack.close(),
                report = &mut analysis => break report,
            }
        });
    }
}
