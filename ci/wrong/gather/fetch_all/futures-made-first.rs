//! All futures are created before the first is awaited, as if that started them. Caught by `fetch_all::downloads_overlap`, which says "one after the other".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let downloads: Vec<_> = paths.iter().map(|path| client.get(path)).collect();
    let mut outcomes = Vec::new();
    for download in downloads {
        outcomes.push(download.await);
    }
    outcomes
}
