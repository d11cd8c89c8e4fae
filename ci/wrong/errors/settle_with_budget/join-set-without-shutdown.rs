//! The tasks of a `JoinSet` are aborted when it is dropped, and still run when the function returns. Caught by `settle_with_budget::nothing_is_running_when_it_returns`, which says "aborted and not waited for".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads = JoinSet::new();
    if budget > 0 {
        for (index, path) in paths.iter().enumerate() {
            let (client, path) = (client.clone(), path.to_string());
            downloads.spawn(async move { (index, client.get(&path).await) });
        }
    }
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Some(joined) = downloads.join_next().await
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
