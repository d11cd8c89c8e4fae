//! The milliseconds of the limit are kept in a `u32`, which holds 49 days. Caught by `fetch_with_deadline::limits_may_be_days`, which says "With a limit of 8640000005 ms".

async fn fetch_one(client: &Client, path: &str, limit: Duration, deadline: Instant) -> Outcome {
    let now = Instant::now();
    // `timeout_at` would poll the request once, and so send it.
    if now >= deadline {
        return Outcome::DeadlinePassed;
    }
    let limit = Duration::from_millis(u64::from(limit.as_millis() as u32));
    let give_up = deadline.min(now + limit);
    match timeout_at(give_up, client.get(path)).await {
        Ok(response) => Outcome::Response(response),
        Err(_) if give_up == deadline => Outcome::DeadlinePassed,
        Err(_) => Outcome::LimitExceeded,
    }
}
