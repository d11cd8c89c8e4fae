//! Only the downloads that have ended are in the result. Caught by `settle_with_budget::every_path_is_in_one_list_in_input_order`, which says "the cancelled downloads are left out".

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
        failures += usize::from(outcome.is_err());
        outcomes[index] = Some(outcome);
    }
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_owned(), error)),
            None => {}
        }
    }
    settled
}
