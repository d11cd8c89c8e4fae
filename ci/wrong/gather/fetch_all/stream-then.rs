//! A stream is taken for concurrency, but `then` completes one item before it starts the next. Caught by `fetch_all::downloads_overlap`, which says "one after the other".

use futures::stream;

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    stream::iter(paths)
        .then(|path| client.get(path))
        .collect()
        .await
}
