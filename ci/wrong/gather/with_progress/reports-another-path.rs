//! Takes the count for the index of the path. Caught by `with_progress::reports_each_download_when_it_ends`, which says "not that of the download that has just ended".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        let done = outcomes.len();
        report(done, paths[done - 1]);
    }
    in_input_order(outcomes)
}
