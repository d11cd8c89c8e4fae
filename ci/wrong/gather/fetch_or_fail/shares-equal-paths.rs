//! Equal paths share a download. Caught by `fetch_or_fail::downloads_overlap`, which says "equal paths share a request".

use std::collections::HashMap;

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut distinct = paths.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut downloads = in_completion_order(client, &distinct);
    let mut pages = HashMap::new();
    while let Some((index, outcome)) = downloads.next().await {
        pages.insert(distinct[index], outcome?);
    }
    Ok(paths.iter().map(|path| pages[path].clone()).collect())
}
