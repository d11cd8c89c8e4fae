//! The first sender to the archive lives as long as the function, so the archive waits for ever. Caught by `pipeline::ends_when_the_last_report_is_stored`, which says "somebody who sends nothing".

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
        Ok(())
    };
    let to_analyse = tokio::sync::Mutex::new(to_analyse);
    let analyser = async |analysed: mpsc::Sender<Report>| {
        loop {
            let sample = to_analyse.lock().await.recv().await;
            let Some(sample) = sample else { return };
            let report = lab.analyse(sample).await;
            if analysed.send(report).await.is_err() {
                return;
            }
        }
    };
    let analysers = join_all((0..analysers).map(|_| analyser(analysed.clone())));
    let store = async {
        let mut stored = 0;
        while let Some(report) = to_store.recv().await {
            lab.store(report).await?;
            stored += 1;
        }
        Ok(stored)
    };
    let ((), _, stored) = tokio::try_join!(spin, analysers.map(Ok), store)?;
    Ok(stored)
}
