//! The report is made when `join_all` has everything: there was no progress to see. Caught by `with_progress::reports_each_at_the_instant_it_ends`, which says "at the very end".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    for (place, path) in paths.iter().enumerate() {
        report(place + 1, path);
    }
    outcomes
}
