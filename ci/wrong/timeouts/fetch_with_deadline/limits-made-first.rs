//! All timeouts are created before the loop, so all limits begin at the start. Caught by `fetch_with_deadline::each_request_has_its_own_limit`, which says "a limit begins before its request is made".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let give_up = deadline.min(Instant::now() + limit);
    let requests = paths
        .iter()
        .map(|path| timeout_at(give_up, client.get(path)));
    let requests: Vec<_> = requests.collect();
    let mut outcomes = Vec::new();
    for request in requests {
        outcomes.push(match request.await {
            Ok(response) => Outcome::Response(response),
            Err(_) if Instant::now() >= deadline => Outcome::DeadlinePassed,
            Err(_) => Outcome::LimitExceeded,
        });
    }
    outcomes
}
