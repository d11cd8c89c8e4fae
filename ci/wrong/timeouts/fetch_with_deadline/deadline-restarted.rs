//! The whole time begins again with each request. Caught by `fetch_with_deadline::keeps_what_has_arrived_by_the_deadline`, which says "begins again with each of them".

use tokio::time::timeout;

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let total = deadline - Instant::now();
    let mut outcomes = Vec::new();
    for path in paths {
        outcomes.push(match timeout(total.min(limit), client.get(path)).await {
            Ok(response) => Outcome::Response(response),
            Err(_) if total <= limit => Outcome::DeadlinePassed,
            Err(_) => Outcome::LimitExceeded,
        });
    }
    outcomes
}
