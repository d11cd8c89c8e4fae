//! `buffered` keeps the order of the samples, and one that is slow holds up those behind it. Caught by `pipeline::a_slow_analysis_holds_nobody_up`, which says "`buffered` does it".

use futures::{StreamExt, stream};

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
    let mut to_analyse = to_analyse;
    let analysers = async move {
        let reports = stream::poll_fn(|cx| to_analyse.poll_recv(cx))
            .map(|sample| lab.analyse(sample))
            .buffered(analysers);
        let mut reports = pin!(reports);
        while let Some(report) = reports.next().await {
            if analysed.send(report).await.is_err() {
                break;
            }
        }
    };
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
