//! Answers that are right for a few paths.

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use grading::web::{Client, Page, WebError};

/// Downloads one page after the other.
pub async fn in_turn(client: &Client, paths: &[String]) {
    for path in paths {
        let _ = client.get(path).await;
    }
}

/// Downloads at most twenty pages at the same time.
pub async fn twenty_at_a_time(client: &Client, paths: &[String]) {
    let downloads = stream::iter(paths).map(|path| client.get(path));
    downloads.buffered(20).collect::<Vec<_>>().await;
}

/// Downloads all pages at the same time, and sorts them.
pub async fn sorted_by_path(client: &Client, paths: &[String]) -> Vec<Page> {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    let mut pages: Vec<_> = outcomes.into_iter().flatten().collect();
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

/// Downloads a page again if there was an error.
pub async fn twice_after_an_error(client: &Client, paths: &[String]) {
    for path in paths {
        if client.get(path).await.is_err() {
            let _ = client.get(path).await;
        }
    }
}

/// Assumes that there is a first path.
pub async fn first(client: &Client, paths: &[String]) -> Result<Page, WebError> {
    client.get(&paths[0]).await
}

/// An answer that has not been started.
pub async fn stub() {
    todo!()
}
