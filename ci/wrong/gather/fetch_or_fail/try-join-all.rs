//! `try_join_all` looks at the results in input order if there are more than 30 futures. Caught by `fetch_or_fail::fails_as_fast_with_many_paths`, which says "more than 30".

use futures::future::try_join_all;

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    try_join_all(paths.iter().map(|path| client.get(path))).await
}
