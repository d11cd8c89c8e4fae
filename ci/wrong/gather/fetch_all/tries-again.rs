//! A download that fails is made again, and its second outcome is returned. Caught by `fetch_all::downloads_overlap`, which says "a request is made again".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    join_all(paths.iter().map(async |path| match client.get(path).await {
        Ok(page) => Ok(page),
        Err(_) => client.get(path).await,
    }))
    .await
}
