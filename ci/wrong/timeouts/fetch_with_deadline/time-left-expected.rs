//! The time that is left is expected to exist, so a deadline in the past panics. Caught by `fetch_with_deadline::a_deadline_in_the_past_makes_no_request`, which says "the deadline is in the future".

use tokio::time::timeout;

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        let left = deadline.checked_duration_since(Instant::now());
        let left = left.expect("the deadline is in the future");
        if left.is_zero() {
            outcomes.push(Outcome::DeadlinePassed);
            continue;
        }
        outcomes.push(match timeout(left.min(limit), client.get(path)).await {
            Ok(response) => Outcome::Response(response),
            Err(_) if left <= limit => Outcome::DeadlinePassed,
            Err(_) => Outcome::LimitExceeded,
        });
    }
    outcomes
}
