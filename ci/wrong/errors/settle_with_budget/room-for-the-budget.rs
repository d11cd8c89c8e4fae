//! Room is reserved for as many failures as the budget allows, which may be any number. Caught by `settle_with_budget::downloads_overlap`, which says "capacity overflow".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    let mut failed: Vec<usize> = Vec::with_capacity(budget);
    while failures < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        if outcome.is_err() {
            failed.push(index);
        }
        failures = failed.len();
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
