//! The outcomes are returned in completion order, as they are reported. Caught by `with_progress::keeps_the_order_of_paths`, which says "in the order in which they finished".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push(outcome);
        report(outcomes.len(), paths[index]);
    }
    outcomes
}
