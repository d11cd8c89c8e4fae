//! `buffered` keeps the order, so what is done waits behind what is slow before it is reported. Caught by `with_progress::reports_each_at_the_instant_it_ends`, which says "in the order of `paths`".

use futures::stream;

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let downloads = stream::iter(paths).map(|path| client.get(path));
    let mut downloads = downloads.buffered(paths.len().max(1)).enumerate();
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        report(place + 1, paths[place]);
        outcomes.push(outcome);
    }
    outcomes
}
