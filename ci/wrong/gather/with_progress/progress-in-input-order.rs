//! `buffered` keeps the input order, so a quick download is reported only after a slow one before it. Caught by `with_progress::reports_each_download_when_it_ends`, which says "in the order of `paths`".

use futures::stream;

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let downloads = stream::iter(paths).map(|path| client.get(path));
    let mut downloads = downloads.buffered(paths.len().max(1)).enumerate();
    let mut outcomes = Vec::new();
    while let Some((index, outcome)) = downloads.next().await {
        report(index + 1, paths[index]);
        outcomes.push(outcome);
    }
    outcomes
}
