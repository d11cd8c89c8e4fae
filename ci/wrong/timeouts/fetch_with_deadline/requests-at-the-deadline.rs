//! A request is made exactly at the deadline. Caught by `fetch_with_deadline::makes_no_request_at_the_deadline`, which says "the deadline itself".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(paths.len());
    for path in paths {
        outcomes.push(fetch_one(client, path, limit, deadline).await);
    }
    outcomes
}

async fn fetch_one(client: &Client, path: &str, limit: Duration, deadline: Instant) -> Outcome {
    let now = Instant::now();
    if now > deadline {
        return Outcome::DeadlinePassed;
    }
    let give_up = deadline.min(now + limit);
    match timeout_at(give_up, client.get(path)).await {
        Ok(response) => Outcome::Response(response),
        Err(_) if give_up == deadline => Outcome::DeadlinePassed,
        Err(_) => Outcome::LimitExceeded,
    }
}
