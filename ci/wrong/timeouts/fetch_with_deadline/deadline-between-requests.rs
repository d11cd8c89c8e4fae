//! The deadline is checked only before each request, so the request in progress overruns it. Caught by `fetch_with_deadline::keeps_what_has_arrived_by_the_deadline`, which says "only between two requests".

use tokio::time::timeout;

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        outcomes.push(if Instant::now() >= deadline {
            Outcome::DeadlinePassed
        } else {
            match timeout(limit, client.get(path)).await {
                Ok(response) => Outcome::Response(response),
                Err(_) => Outcome::LimitExceeded,
            }
        });
    }
    outcomes
}
