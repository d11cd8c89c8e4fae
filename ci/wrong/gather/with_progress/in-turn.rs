//! One download at a time makes progress easy to report, but slow. Caught by `with_progress::downloads_overlap`, which says "one after the other".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut outcomes = Vec::new();
    for path in paths {
        outcomes.push(client.get(path).await);
        report(outcomes.len(), path);
    }
    outcomes
}
