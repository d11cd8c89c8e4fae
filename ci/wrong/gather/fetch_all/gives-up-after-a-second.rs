//! Gives up a download that takes longer than a second. Caught by `fetch_all::downloads_overlap`, which says "as long as the slowest".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    join_all(paths.iter().map(|path| async move {
        tokio::time::timeout(std::time::Duration::from_secs(1), client.get(path))
            .await
            .unwrap_or(Err(WebError::ServerError {
                path: path.to_string(),
            }))
    }))
    .await
}
