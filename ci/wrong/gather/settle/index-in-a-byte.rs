//! The index of each download is kept in a `u8`, so the order is lost after 256 paths. Caught by `settle::starts_all_downloads_at_once`, which says "should be in the order of `paths`".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, &path)| async move { (index as u8, path, client.get(path).await) })
        .collect();
    let mut outcomes = Vec::new();
    while let Some(outcome) = downloads.next().await {
        outcomes.push(outcome);
    }
    outcomes.sort_by_key(|(index, _, _)| *index);
    let mut settled = Settled::default();
    for (_, path, outcome) in outcomes {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled
}
