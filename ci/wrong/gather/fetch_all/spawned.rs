//! Each download is a task, which runs on when the future of `fetch_all` is dropped. Caught by `fetch_all::cancels_its_downloads_when_dropped`, which says "spawned".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let spawned = paths.iter().map(|path| {
        let (client, path) = (client.clone(), path.to_string());
        tokio::spawn(async move { client.get(&path).await })
    });
    let joined = join_all(spawned).await;
    joined.into_iter().map(|outcome| outcome.unwrap()).collect()
}
