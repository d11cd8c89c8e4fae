//! The outcomes are sorted by the first index of their path, which is wrong for a path given twice. Caught by `settle::a_path_given_twice_counts_twice`, which says "/maps".

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
    let first_index = |path: &str| paths.iter().position(|p| *p == path);
    settled.pages.sort_by_key(|page| first_index(&page.path));
    settled.failures.sort_by_key(|(path, _)| first_index(path));
    settled
}
