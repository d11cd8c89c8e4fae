//! Each sample gets a task of its own, and `analysers` is not looked at. Caught by `worker_pool::as_many_at_a_time_as_there_are_workers`, which says "nobody counts them".

use tokio::task::JoinSet;

pub async fn worker_pool(
    mut rack: mpsc::Receiver<Sample>,
    analysers: usize,
    lab: &Lab,
) -> Vec<Report> {
    let mut tasks = JoinSet::new();
    while let Some(sample) = rack.recv().await {
        let lab = lab.clone();
        tasks.spawn(async move { lab.analyse(sample).await });
    }
    tasks.join_all().await
}
