//! The reports are made after `join_all` has returned, when all downloads have ended. Caught by `with_progress::reports_each_download_when_it_ends`, which says "at the very end".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    for (index, path) in paths.iter().enumerate() {
        report(index + 1, path);
    }
    outcomes
}
