//! `join!` waits for all stations, and the error comes when they have noticed that nobody receives. Caught by `pipeline::a_full_archive_ends_it_at_that_instant`, which says "kept until the other stations have ended".

pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let (spun, to_analyse) = mpsc::channel(room);
    let (analysed, mut to_store) = mpsc::channel(room);
    let spin = async move {
        while let Some(sample) = samples.recv().await {
            if spun.send(lab.spin(sample).await).await.is_err() {
                break;
            }
        }
    };
    let to_analyse = tokio::sync::Mutex::new(to_analyse);
    let analyser = async |analysed: mpsc::Sender<Report>| {
        loop {
            let sample = to_analyse.lock().await.recv().await;
            let Some(sample) = sample else { return };
            let report = lab.analyse(sample).await;
            if analysed.send(report).await.is_err() {
                to_analyse.lock().await.close();
                return;
            }
        }
    };
    let analysers = join_all((0..analysers).map(|_| analyser(analysed.clone())));
    drop(analysed);
    let store = async move {
        let mut stored = 0;
        while let Some(report) = to_store.recv().await {
            lab.store(report).await?;
            stored += 1;
        }
        Ok(stored)
    };
    let ((), _, stored) = tokio::join!(spin, analysers, store);
    stored
}
