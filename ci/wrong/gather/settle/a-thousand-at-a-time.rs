//! `buffered(1000)` looks right until there are more than a thousand paths. Caught by `settle::starts_all_downloads_at_once`, which says "at most 1000".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    futures::stream::iter(paths)
        .map(|path| async move { (*path, client.get(path).await) })
        .buffered(1000)
        .fold(Settled::default(), |mut all, (path, outcome)| async move {
            match outcome {
                Ok(page) => all.pages.push(page),
                Err(error) => all.failures.push((path.to_string(), error)),
            }
            all
        })
        .await
}
