//! Only pages count as done, so the bar of a run with one failure never fills. Caught by `with_progress::a_failure_is_progress_too`, which says "never reported".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut done = 0;
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        if outcome.is_ok() {
            done += 1;
            report(done, paths[place]);
        }
        outcomes.push((place, outcome));
    }
    back_in_input_order(outcomes)
}
