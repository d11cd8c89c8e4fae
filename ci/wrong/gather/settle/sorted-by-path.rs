//! What has come is sorted by its first place in the list. Caught by `settle::a_path_given_twice_counts_twice`, which says "/maps".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .map(|&path| async move { (path, client.get(path).await) })
        .collect();
    let mut settled = Settled::default();
    while let Some((path, outcome)) = downloads.next().await {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    let place = |path: &str| paths.iter().position(|p| *p == path);
    settled.pages.sort_by_key(|page| place(&page.path));
    settled.failures.sort_by_key(|(path, _)| place(path));
    settled
}
