//! Each sample goes through all three stations before the next one begins. Caught by `pipeline::the_stations_work_at_the_same_time`, which says "goes through all stations".

pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let mut stored = 0;
    while let Some(sample) = samples.recv().await {
        let sample = lab.spin(sample).await;
        let report = lab.analyse(sample).await;
        lab.store(report).await?;
        stored += 1;
    }
    Ok(stored)
}
