//! The path's place in the list is reported as the number of downloads done. Caught by `with_progress::counts_what_is_done`, which says "the place in `paths`".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        report(place + 1, paths[place]);
        outcomes.push((place, outcome));
    }
    back_in_input_order(outcomes)
}
