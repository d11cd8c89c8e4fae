//! Counts the pages and not the failures. Caught by `with_progress::counts_the_downloads_that_have_ended`, which says "only pages are counted".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        report(
            outcomes
                .iter()
                .filter(|(_, outcome)| outcome.is_ok())
                .count(),
            paths[index],
        );
    }
    in_input_order(outcomes)
}
