//! Answers that download pages, as learners might write them.

use std::time::Duration;

use grading::web::{Client, Page, WebError};
use tokio::task::JoinSet;

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

/// Downloads all pages at the same time, with an index that is wrong in one of the tasks.
pub async fn wrong_index_in_a_task(client: &Client, paths: &[&str]) -> Vec<Page> {
    let mut children = JoinSet::new();
    let bodies = vec![String::from("body of /a")];
    for (index, path) in paths.iter().enumerate() {
        let (client, path, bodies) = (client.clone(), path.to_string(), bodies.clone());
        children.spawn(async move {
            let page = client.get(&path).await;
            page.map(|page| Page {
                body: bodies[index].clone(),
                ..page
            })
        });
    }
    let mut pages = Vec::new();
    while let Some(joined) = children.join_next().await {
        pages.extend(joined.ok().and_then(Result::ok));
    }
    pages
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

/// Calls `call` in a task, and ignores whether it panics.
pub async fn with_callback(call: impl FnOnce() + Send + 'static) {
    let task = tokio::spawn(async move { call() });
    let _ = task.await;
}
