//! The stations are steps of one stream, which stands still while a report is stored. Caught by `pipeline::the_stations_work_at_the_same_time`, which says "stands still while another is at work".

use futures::{StreamExt, stream};

pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    let _ = room;
    let reports = stream::poll_fn(|cx| samples.poll_recv(cx))
        .then(|sample| lab.spin(sample))
        .map(|sample| lab.analyse(sample))
        .buffer_unordered(analysers);
    let mut reports = pin!(reports);
    let mut stored = 0;
    while let Some(report) = reports.next().await {
        lab.store(report).await?;
        stored += 1;
    }
    Ok(stored)
}
