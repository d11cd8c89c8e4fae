//! Each queue has room for one, whatever `room` is. Caught by `pipeline::the_queues_push_back`, which says "another capacity than `room`".

pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    _room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let (spun, to_analyse) = mpsc::channel(1);
    let (analysed, mut to_store) = mpsc::channel(1);

    let spin = async move {
        while let Some(sample) = samples.recv().await {
            let sample = lab.spin(sample).await;
            if spun.send(sample).await.is_err() {
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
    // The analysers have one each. With this one left, the last station would wait for ever.
    drop(analysed);

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
