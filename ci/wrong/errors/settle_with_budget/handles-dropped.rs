//! Each download is a task, and leaving the loop drops only the handles. Caught by `settle_with_budget::nothing_is_running_when_it_returns`, which says "their handles dropped".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads = FuturesUnordered::new();
    if budget > 0 {
        for (index, path) in paths.iter().enumerate() {
            let (client, path) = (client.clone(), path.to_string());
            downloads.push(tokio::spawn(async move { (index, client.get(&path).await) }));
        }
    }
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Some(joined) = downloads.next().await
    {
        let (index, outcome) = joined.unwrap();
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
