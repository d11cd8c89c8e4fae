//! Each download is a task, which runs on when the future of `with_progress` is dropped. Caught by `with_progress::cancels_its_downloads_when_dropped`, which says "spawned".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut tasks: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { (index, client.get(&path).await) })
        })
        .collect();
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.next().await {
        let (index, outcome) = joined.unwrap();
        outcomes.push((index, outcome));
        report(outcomes.len(), paths[index]);
    }
    in_input_order(outcomes)
}
