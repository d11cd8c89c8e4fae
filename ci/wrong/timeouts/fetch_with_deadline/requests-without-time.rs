//! A request is made although no time is left, because a timeout polls its future once. Caught by `fetch_with_deadline::makes_no_request_at_the_deadline`, which says "polls its future once".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        let give_up = deadline.min(Instant::now() + limit);
        outcomes.push(match timeout_at(give_up, client.get(path)).await {
            Ok(response) => Outcome::Response(response),
            Err(_) if give_up == deadline => Outcome::DeadlinePassed,
            Err(_) => Outcome::LimitExceeded,
        });
    }
    outcomes
}
