//! No request is made when less than its limit is left until the deadline. Caught by `fetch_with_deadline::downloads_one_after_the_other`, which says "the outcomes should be".

async fn fetch_one(client: &Client, path: &str, limit: Duration, deadline: Instant) -> Outcome {
    let now = Instant::now();
    // `timeout_at` would poll the request once, and so send it.
    if now >= deadline || deadline - now < limit {
        return Outcome::DeadlinePassed;
    }
    let give_up = deadline.min(now + limit);
    match timeout_at(give_up, client.get(path)).await {
        Ok(response) => Outcome::Response(response),
        Err(_) if give_up == deadline => Outcome::DeadlinePassed,
        Err(_) => Outcome::LimitExceeded,
    }
}
