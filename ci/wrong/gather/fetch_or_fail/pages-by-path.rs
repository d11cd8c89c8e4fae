//! Keeps the pages in a map by path, so that a path which is given twice has the same page twice. Caught by `fetch_or_fail::keeps_the_order_of_paths`, which says "takes the place of another".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut downloads: FuturesUnordered<_> = paths.iter().map(|path| client.get(path)).collect();
    let mut pages = std::collections::HashMap::new();
    while let Some(outcome) = downloads.next().await {
        let page = outcome?;
        pages.insert(page.path.clone(), page);
    }
    Ok(paths.iter().map(|path| pages[*path].clone()).collect())
}
