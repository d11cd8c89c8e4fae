//! `enumerate` counts from zero, and "0 of 3 done" is wrong when one is. Caught by `with_progress::counts_what_is_done`, which says "counted from zero".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths).enumerate();
    let mut outcomes = Vec::new();
    while let Some((done, (place, outcome))) = downloads.next().await {
        report(done, paths[place]);
        outcomes.push((place, outcome));
    }
    back_in_input_order(outcomes)
}
