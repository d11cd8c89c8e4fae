//! One timeout is around the whole loop, so the outcomes so far are dropped with it. Caught by `fetch_with_deadline::keeps_what_has_arrived_by_the_deadline`, which says "around the whole loop".

use tokio::time::timeout;

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let all = async {
        let mut outcomes = Vec::new();
        for path in paths {
            outcomes.push(match timeout(limit, client.get(path)).await {
                Ok(response) => Outcome::Response(response),
                Err(_) => Outcome::LimitExceeded,
            });
        }
        outcomes
    };
    let outcomes = timeout_at(deadline, all).await;
    outcomes.unwrap_or_else(|_| vec![Outcome::DeadlinePassed; paths.len()])
}
