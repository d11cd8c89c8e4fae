//! `try_collect` on a `FuturesUnordered` fails in time, but returns the pages in completion order. Caught by `fetch_or_fail::keeps_the_order_of_paths`, which says "in the order in which they finished".

use futures::stream::TryStreamExt;

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let downloads: FuturesUnordered<_> = paths.iter().map(|path| client.get(path)).collect();
    downloads.try_collect().await
}
