//! `done` is the index of the path instead of the number of downloads that have ended. Caught by `with_progress::counts_the_downloads_that_have_ended`, which says "the index in `paths`".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        report(index + 1, paths[index]);
        outcomes.push((index, outcome));
    }
    in_input_order(outcomes)
}
