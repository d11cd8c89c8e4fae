//! Every outcome is right, but then the answer blocks the thread. Caught by `fetch_all::cancels_its_downloads_when_dropped`, which says "in which nothing else could run".

use std::time::Duration;

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    std::thread::sleep(Duration::from_millis(520));
    outcomes
}
