//! Any failure ends the loop, as in `try_join_all`. Caught by `settle_with_budget::an_unspent_budget_stops_nothing`, which says "stopped too early".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failed = budget == 0;
    while !failed && let Some((index, outcome)) = downloads.next().await {
        failed = outcome.is_err();
        outcomes[index] = Some(outcome);
    }
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_owned(), error)),
            None => settled.cancelled.push(path.to_owned()),
        }
    }
    settled
}
