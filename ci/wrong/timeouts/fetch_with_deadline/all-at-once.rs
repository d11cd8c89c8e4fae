//! The downloads overlap. Caught by `fetch_with_deadline::downloads_one_after_the_other`, which says "awaited together".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let downloads = paths
        .iter()
        .map(|path| fetch_one(client, path, limit, deadline));
    futures::future::join_all(downloads).await
}
