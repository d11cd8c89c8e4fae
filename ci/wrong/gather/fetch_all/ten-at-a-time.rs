//! `buffered(10)` looks right until there are more than ten paths. Caught by `fetch_all::starts_a_thousand_downloads_at_once`, which says "at most 10".

use futures::stream;

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    stream::iter(paths)
        .map(|path| client.get(path))
        .buffered(10)
        .collect()
        .await
}
