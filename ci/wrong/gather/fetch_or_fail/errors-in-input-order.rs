//! `buffered` returns the outcomes in input order, so an error waits for the downloads before it. Caught by `fetch_or_fail::returns_at_the_first_error`, which says "in the order of `paths`".

use futures::stream::{self, TryStreamExt};

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let at_once = paths.len().max(1);
    let downloads = stream::iter(paths).map(|path| client.get(path));
    downloads.buffered(at_once).try_collect().await
}
