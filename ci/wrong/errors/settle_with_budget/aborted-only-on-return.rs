//! The downloads are tasks that the normal return shuts down, but not a drop of the future. Caught by `settle_with_budget::cancels_its_downloads_when_dropped`, which says "dropping the handle of a task does not stop it".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    if budget > 0 {
        let tasks = paths.iter().enumerate().map(|(index, path)| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { (index, client.get(&path).await) })
        });
        let mut downloads: FuturesUnordered<_> = tasks.collect();
        while failures < budget
            && let Some(joined) = downloads.next().await
        {
            let (index, outcome) = joined.unwrap();
            failures += usize::from(outcome.is_err());
            outcomes[index] = Some(outcome);
        }
        downloads.iter().for_each(|task| task.abort());
        while downloads.next().await.is_some() {}
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
