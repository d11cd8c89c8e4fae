//! Each outcome is stored when it arrives, so the lists are in completion order. Caught by `settle_with_budget::an_unspent_budget_stops_nothing`, which says "in completion order".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut cancelled: Vec<_> = paths.iter().map(|path| Some(path.to_string())).collect();
    let mut settled = Settled::default();
    while settled.failures.len() < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        let path = cancelled[index].take().unwrap();
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path, error)),
        }
    }
    settled.cancelled = cancelled.into_iter().flatten().collect();
    settled
}
