//! `try_join_all` is trusted with any number of futures; above 30 it looks at them in input order. Caught by `fetch_or_fail::many_paths_fail_as_fast`, which says "more than 30".

use futures::future::try_join_all;

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    try_join_all(paths.iter().map(|path| client.get(path))).await
}
