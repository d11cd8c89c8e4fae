//! `join_all` waits for every download before any error is looked at. Caught by `fetch_or_fail::returns_at_the_first_error`, which says "waited for every download".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    outcomes.into_iter().collect()
}
