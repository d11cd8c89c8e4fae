//! After the evening it takes what is there with `try_recv`, and goes home when there is nothing. Caught by `drain_close::a_reserved_place_is_good`, which says "when the rack looks empty".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let mut evening = pin!(evening.fuse());
    let mut reports = Vec::new();
    let mut late = false;
    loop {
        let sample = if late {
            rack.try_recv().ok()
        } else {
            tokio::select! {
                biased;
                _ = &mut evening => {
                    rack.close();
                    late = true;
                    continue;
                }
                sample = rack.recv() => sample,
            }
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
}
