//! Input order for a few paths, and completion order for more. Caught by `fetch_all::keeps_the_order_of_paths`, which says "in the order in which they finished".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let downloads = paths.iter().map(|path| client.get(path));
    if paths.len() <= 30 {
        return join_all(downloads).await;
    }
    downloads.collect::<FuturesUnordered<_>>().collect().await
}
