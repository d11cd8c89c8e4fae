//! Every download is a task of its own, which goes on when nobody waits for it any more. Caught by `with_progress::stops_when_dropped`, which says "spawned".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut tasks: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(place, path)| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { (place, client.get(&path).await) })
        })
        .collect();
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.next().await {
        let (place, outcome) = joined.unwrap();
        outcomes.push((place, outcome));
        report(outcomes.len(), paths[place]);
    }
    back_in_input_order(outcomes)
}
