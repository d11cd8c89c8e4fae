//! Answers that download pages, as learners might write them.

use std::time::Duration;

use grading::web::{Client, Page, WebError};

/// Downloads one page after the other.
pub async fn one_after_the_other(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(client.get(path).await);
    }
    pages
}

/// Makes up the right pages instead of downloading them.
pub async fn made_up(_client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let page = |path: &&str| Page {
        path: path.to_string(),
        body: format!("body of {path}"),
    };
    paths.iter().map(page).map(Ok).collect()
}

/// Downloads all pages at the same time, in tasks that are never stopped.
pub async fn detached(client: &Client, paths: &[&str]) {
    for path in paths {
        let (client, path) = (client.clone(), path.to_string());
        tokio::spawn(async move { client.get(&path).await });
    }
}

/// Sleeps with the thread before the download.
#[expect(clippy::disallowed_methods, reason = "blocking is the mistake")]
pub async fn sleeps_first(client: &Client, path: &str) -> Result<Page, WebError> {
    std::thread::sleep(Duration::from_millis(200));
    client.get(path).await
}

/// Downloads the right page, and then sleeps with the thread.
#[expect(clippy::disallowed_methods, reason = "blocking is the mistake")]
pub async fn sleeps_last(client: &Client, path: &str) -> Result<Page, WebError> {
    let page = client.get(path).await;
    std::thread::sleep(Duration::from_millis(520));
    page
}
