//! The limit is a timeout inside the one for the deadline, and wins if both are up. Caught by `fetch_with_deadline::the_deadline_wins_if_the_limit_is_up_as_well`, which says "inside one for the deadline".

use tokio::time::timeout;

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        if Instant::now() >= deadline {
            outcomes.push(Outcome::DeadlinePassed);
            continue;
        }
        let limited = timeout(limit, client.get(path));
        outcomes.push(match timeout_at(deadline, limited).await {
            Ok(Ok(response)) => Outcome::Response(response),
            Ok(Err(_)) => Outcome::LimitExceeded,
            Err(_) => Outcome::DeadlinePassed,
        });
    }
    outcomes
}
