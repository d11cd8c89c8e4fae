//! All of it happens in a task, which runs on when the future is dropped. Caught by `drain_close::stops_when_dropped`, which says "its handle dropped".

pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    let lab = lab.clone();
    let work = async move {
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
            let mut analysis = pin!(lab.analyse(sample));
            reports.push(loop {
                tokio::select! {
                    biased;
                    _ = &mut evening => rack.close(),
                    report = &mut analysis => break report,
                }
            });
        }
    };
    tokio::spawn(work).await.unwrap()
}
