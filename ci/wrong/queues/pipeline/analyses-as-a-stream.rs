//! The analyses are a stream, and its reports are sent on in the body of its loop. Caught by `pipeline::an_analysis_goes_on_while_a_report_waits`, which says "an analysis stands still".

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
            let sample = lab.spin(sample).await;
            if spun.send(sample).await.is_err() {
                break;
            }
        }
        Ok(())
    };

    let analyse = async move {
        use futures::StreamExt;
        let waiting = |mut waiting: mpsc::Receiver<Sample>| async move {
            Some((waiting.recv().await?, waiting))
        };
        let mut reports = futures::stream::unfold(to_analyse, waiting)
            .map(|sample| lab.analyse(sample))
            .buffer_unordered(analysers);
        let mut reports = pin!(reports);
        while let Some(report) = reports.next().await {
            if analysed.send(report).await.is_err() {
                break;
            }
        }
        Ok(())
    };

    let store = async {
        let mut stored = 0;
        while let Some(report) = to_store.recv().await {
            lab.store(report).await?;
            stored += 1;
        }
        Ok(stored)
    };

    let ((), (), stored) = tokio::try_join!(spin, analyse, store)?;
    Ok(stored)
}
