//! Takes a download of more than a day for a failure. Caught by `settle::downloads_overlap`, which says "some of them were not waited for".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let limit = std::time::Duration::from_secs(24 * 3600);
    let outcomes = join_all(
        paths
            .iter()
            .map(|path| tokio::time::timeout(limit, client.get(path))),
    )
    .await;
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        let timed_out = WebError::ServerError {
            path: path.to_owned(),
        };
        match outcome.unwrap_or(Err(timed_out)) {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled
}
