//! What is reported as it completes is also returned as it completes. Caught by `with_progress::keeps_the_order_of_paths`, which says "in the order in which they finished".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        outcomes.push(outcome);
        report(outcomes.len(), paths[place]);
    }
    outcomes
}
