//! Each station is a task, and dropped handles stop none of them. Caught by `pipeline::stops_when_dropped`, which says "its handle dropped".

use std::sync::Arc;

pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let (spun, to_analyse) = mpsc::channel(room);
    let (analysed, mut to_store) = mpsc::channel(room);
    let own = lab.clone();
    tokio::spawn(async move {
        while let Some(sample) = samples.recv().await {
            if spun.send(own.spin(sample).await).await.is_err() {
                break;
            }
        }
    });
    let to_analyse = Arc::new(tokio::sync::Mutex::new(to_analyse));
    for _ in 0..analysers {
        let (own, to_analyse, analysed) = (lab.clone(), Arc::clone(&to_analyse), analysed.clone());
        tokio::spawn(async move {
            loop {
                let sample = to_analyse.lock().await.recv().await;
                let Some(sample) = sample else { return };
                if analysed.send(own.analyse(sample).await).await.is_err() {
                    return;
                }
            }
        });
    }
    drop(analysed);
    let mut stored = 0;
    while let Some(report) = to_store.recv().await {
        lab.store(report).await?;
        stored += 1;
    }
    Ok(stored)
}
