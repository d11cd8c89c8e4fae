//! The outcomes are kept in a map by path, so a path that is given twice has only one. Caught by `with_progress::a_path_given_twice_is_reported_twice`, which says "a result is lost".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .map(|&path| async move { (path, client.get(path).await) })
        .collect();
    let mut outcomes = std::collections::HashMap::new();
    let mut done = 0;
    while let Some((path, outcome)) = downloads.next().await {
        outcomes.insert(path, outcome);
        done += 1;
        report(done, path);
    }
    paths
        .iter()
        .filter_map(|path| outcomes.remove(path))
        .collect()
}
