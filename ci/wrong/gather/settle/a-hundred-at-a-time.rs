//! `buffered(100)` looks right until there are more than a hundred paths. Caught by `settle::starts_all_downloads_at_once`, which says "at most 100".

use futures::stream;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let downloads = stream::iter(paths).map(|path| client.get(path));
    let outcomes: Vec<_> = downloads.buffered(100).collect().await;
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled
}
