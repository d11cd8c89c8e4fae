//! A download that fails is made again before its error is returned. Caught by `fetch_or_fail::returns_at_the_first_error`, which says "made again after it has failed".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move {
            match client.get(path).await {
                Ok(page) => (index, Ok(page)),
                Err(_) => (index, client.get(path).await),
            }
        })
        .collect();
    let mut pages = Vec::with_capacity(paths.len());
    while let Some((index, outcome)) = downloads.next().await {
        pages.push((index, outcome?));
    }
    Ok(in_input_order(pages))
}
