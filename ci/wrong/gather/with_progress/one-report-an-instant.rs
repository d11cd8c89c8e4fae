//! Of the downloads that end at the same instant only the first is reported. Caught by `with_progress::reports_each_download_when_it_ends`, which says "at the same instant is reported".

use tokio::time::Instant;

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::with_capacity(paths.len());
    let mut last = None;
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        if last.replace(Instant::now()) != Some(Instant::now()) {
            report(outcomes.len(), paths[index]);
        }
    }
    in_input_order(outcomes)
}
