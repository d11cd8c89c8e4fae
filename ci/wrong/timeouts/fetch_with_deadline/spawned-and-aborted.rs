//! Each request is a task, which is aborted at its limit. Caught by `fetch_with_deadline::a_response_exactly_at_its_limit_is_in_time`, which says "in a task of its own".

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
    if now >= deadline {
        return Outcome::DeadlinePassed;
    }
    let (client, path) = (client.clone(), path.to_owned());
    let mut request = tokio::spawn(async move { client.get(&path).await });
    let give_up = deadline.min(now + limit);
    match timeout_at(give_up, &mut request).await {
        Ok(response) => Outcome::Response(response.expect("a request does not panic")),
        Err(_) => {
            request.abort();
            let _ = request.await;
            if give_up == deadline {
                Outcome::DeadlinePassed
            } else {
                Outcome::LimitExceeded
            }
        }
    }
}
