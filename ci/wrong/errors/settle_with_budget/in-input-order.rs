//! The outcomes are awaited in the order of the paths, so a slow download hides later failures. Caught by `settle_with_budget::stops_at_the_instant_of_the_last_failure`, which says "in the order of `paths`".

use futures::stream::FuturesOrdered;

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesOrdered<_> = paths.iter().map(|path| client.get(path)).collect();
    let mut settled = Settled::default();
    let mut ended = 0;
    while settled.failures.len() < budget
        && let Some(outcome) = downloads.next().await
    {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((paths[ended].to_owned(), error)),
        }
        ended += 1;
    }
    for path in &paths[ended..] {
        settled.cancelled.push((*path).to_owned());
    }
    settled
}
