//! A response that arrives at the deadline is discarded, because the clock is compared with `>=` after it. Caught by `fetch_with_deadline::a_response_exactly_at_the_deadline_is_in_time`, which says "the clock is looked at before the response".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        let outcome = fetch_one(client, path, limit, deadline).await;
        outcomes.push(if Instant::now() >= deadline {
            Outcome::DeadlinePassed
        } else {
            outcome
        });
    }
    outcomes
}
