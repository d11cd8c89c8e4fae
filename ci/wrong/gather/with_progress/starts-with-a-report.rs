//! A first report says that nothing is done yet. Caught by `with_progress::nothing_to_report`, which says "only downloads are".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    report(0, "");
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        outcomes.push((place, outcome));
        report(outcomes.len(), paths[place]);
    }
    back_in_input_order(outcomes)
}
