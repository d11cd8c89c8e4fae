//! Each download is a task, which runs on when the future of `settle` is dropped. Caught by `settle::cancels_its_downloads_when_dropped`, which says "spawned".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let spawned: Vec<_> = paths
        .iter()
        .map(|path| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { client.get(&path).await })
        })
        .collect();
    let mut settled = Settled::default();
    for (path, task) in paths.iter().zip(spawned) {
        match task.await.unwrap() {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    settled
}
