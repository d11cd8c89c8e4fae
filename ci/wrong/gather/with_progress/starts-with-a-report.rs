//! An extra first report says that no download has ended yet. Caught by `with_progress::no_paths_give_no_reports`, which says "something other than the end of a download".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    report(0, "");
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        report(outcomes.len(), paths[index]);
    }
    in_input_order(outcomes)
}
