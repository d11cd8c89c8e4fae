//! The rest is cancelled when nothing has ended for a minute. Caught by `settle_with_budget::a_slow_download_is_waited_for`, which says "should be waited for".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Ok(Some((index, outcome))) =
            tokio::time::timeout(std::time::Duration::from_secs(60), downloads.next()).await
    {
        failures += usize::from(outcome.is_err());
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
