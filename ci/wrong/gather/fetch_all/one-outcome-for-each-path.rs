//! Stores each outcome under the first index of its path, so that a path given twice has one outcome. Caught by `fetch_all::a_failure_keeps_its_place`, which says "one outcome for each path".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let mut all = vec![None; paths.len()];
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .map(|path| async move { (*path, client.get(path).await) })
        .collect();
    while let Some((path, outcome)) = downloads.next().await {
        let at = paths.iter().position(|other| *other == path).unwrap();
        all[at] = Some(outcome);
    }
    paths
        .iter()
        .map(|path| {
            all[paths.iter().position(|other| other == path).unwrap()]
                .clone()
                .unwrap()
        })
        .collect()
}
