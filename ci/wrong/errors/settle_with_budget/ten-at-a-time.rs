//! `buffer_unordered(10)` limits the downloads to ten at a time. Caught by `settle_with_budget::downloads_overlap`, which says "only a few of them run at a time".

use futures::stream;

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads = stream::iter(paths.iter().enumerate())
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .buffer_unordered(10);
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        failures += usize::from(outcome.is_err());
        outcomes[index] = Some(outcome);
    }
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_owned(), error)),
            None => settled.cancelled.push(path.to_owned()),
        }
    }
    settled
}
