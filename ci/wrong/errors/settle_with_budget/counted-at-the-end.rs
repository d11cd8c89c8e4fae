//! The failures are counted when all downloads have ended, so the budget stops nothing. Caught by `settle_with_budget::stops_at_the_instant_of_the_last_failure`, which says "counted when all downloads have ended".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut settled = Settled::default();
    if budget == 0 {
        settled.cancelled = paths.iter().map(ToString::to_string).collect();
        return settled;
    }
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    for (path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            _ if settled.failures.len() == budget => settled.cancelled.push(path.to_string()),
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    settled
}
