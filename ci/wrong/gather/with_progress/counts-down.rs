//! `done` is the number of downloads that are left. Caught by `with_progress::a_path_given_twice_is_reported_twice`, which says "count something else".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        report(paths.len() - outcomes.len(), paths[index]);
        outcomes.push((index, outcome));
    }
    in_input_order(outcomes)
}
