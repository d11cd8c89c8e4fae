//! The paths that are left at the deadline have no outcome. Caught by `fetch_with_deadline::keeps_what_has_arrived_by_the_deadline`, which says "the loop ends at the deadline".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        outcomes.push(fetch_one(client, path, limit, deadline).await);
        if Instant::now() >= deadline {
            break;
        }
    }
    outcomes
}
