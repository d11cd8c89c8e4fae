//! A map from path to outcome keeps one outcome of each path. Caught by `settle_with_budget::an_unspent_budget_stops_nothing`, which says "a map with the path as the key".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .map(|&path| async move { (path, client.get(path).await) })
        .collect();
    let mut outcomes = HashMap::new();
    let mut failures = 0;
    while failures < budget
        && let Some((path, outcome)) = downloads.next().await
    {
        failures += usize::from(outcome.is_err());
        outcomes.insert(path, outcome);
    }
    let mut settled = Settled::default();
    let mut done = Vec::new();
    for &path in paths {
        match outcomes.remove(path) {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_owned(), error)),
            None if done.contains(&path) => continue,
            None => settled.cancelled.push(path.to_owned()),
        }
        done.push(path);
    }
    settled
}
