//! A page that does not exist is not counted as a failure. Caught by `settle_with_budget::stops_at_the_instant_of_the_last_failure`, which says "404 is not counted".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        failures += usize::from(matches!(outcome, Err(WebError::ServerError { .. })));
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
