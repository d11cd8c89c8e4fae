//! Only pages are reported, so a progress bar never fills if there is a failure. Caught by `with_progress::reports_failures_too`, which says "never reported".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut done = 0;
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        if outcome.is_ok() {
            done += 1;
            report(done, paths[index]);
        }
        outcomes.push((index, outcome));
    }
    in_input_order(outcomes)
}
