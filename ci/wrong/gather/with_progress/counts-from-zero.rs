//! `enumerate` counts from zero, so the first report says that no download has ended. Caught by `with_progress::counts_the_downloads_that_have_ended`, which says "counted from zero".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths).enumerate();
    let mut outcomes = Vec::new();
    while let Some((done, (index, outcome))) = downloads.next().await {
        report(done, paths[index]);
        outcomes.push((index, outcome));
    }
    in_input_order(outcomes)
}
