//! A `FuturesUnordered` collected as it is returns the outcomes in completion order. Caught by `fetch_all::keeps_the_order_of_paths`, which says "in the order in which they finished".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let downloads: FuturesUnordered<_> = paths.iter().map(|path| client.get(path)).collect();
    downloads.collect().await
}
