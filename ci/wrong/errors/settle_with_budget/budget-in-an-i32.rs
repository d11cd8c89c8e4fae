//! The budget is kept in an `i32`, in which the largest number is -1. Caught by `settle_with_budget::downloads_overlap`, which says "kept in a type which is too small".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut budget = budget as i32;
    while budget > 0
        && let Some((index, outcome)) = downloads.next().await
    {
        budget -= i32::from(outcome.is_err());
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
