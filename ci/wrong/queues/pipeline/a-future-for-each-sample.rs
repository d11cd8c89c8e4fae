//! Every sample that was spun is analysed at once, and `analysers` is not looked at. Caught by `pipeline::no_station_does_more_than_it_may`, which says "a task for each sample".

use futures::StreamExt;
use futures::stream::FuturesUnordered;

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
    let analysers = async move {
        let mut to_analyse = to_analyse.lock().await;
        let (mut under_way, out) = (FuturesUnordered::new(), &analysed);
        loop {
            tokio::select! {
                biased;
                Some(()) = under_way.next() => {}
                Some(sample) = to_analyse.recv() => under_way.push(async move {
                    let _ = out.send(lab.analyse(sample).await).await;
                }),
                else => return,
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
