//! All samples are collected before the first is analysed. Caught by `worker_pool::begins_with_the_first_sample`, which says "collected first".

use futures::{StreamExt, stream};

pub async fn worker_pool(
    mut rack: mpsc::Receiver<Sample>,
    analysers: usize,
    lab: &Lab,
) -> Vec<Report> {
    let mut samples = Vec::new();
    while let Some(sample) = rack.recv().await {
        samples.push(sample);
    }
    stream::iter(samples)
        .map(|sample| lab.analyse(sample))
        .buffer_unordered(analysers)
        .collect()
        .await
}
