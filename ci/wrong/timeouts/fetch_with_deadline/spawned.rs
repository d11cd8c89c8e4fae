//! Each request is a task, and a limit that is up drops only its handle. Caught by `fetch_with_deadline::cancels_an_expired_request_at_once`, which says "a request was spawned".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        let now = Instant::now();
        if now >= deadline {
            outcomes.push(Outcome::DeadlinePassed);
            continue;
        }
        let give_up = deadline.min(now + limit);
        let (client, path) = (client.clone(), path.to_string());
        let request = tokio::spawn(async move { client.get(&path).await });
        outcomes.push(match timeout_at(give_up, request).await {
            Ok(response) => Outcome::Response(response.unwrap()),
            Err(_) if give_up == deadline => Outcome::DeadlinePassed,
            Err(_) => Outcome::LimitExceeded,
        });
    }
    outcomes
}
