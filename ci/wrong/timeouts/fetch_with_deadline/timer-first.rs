//! The timer is polled before the request, so a response at the very instant is late. Caught by `fetch_with_deadline::a_response_exactly_at_its_limit_is_in_time`, which says "looked at before the response".

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
        outcomes.push(tokio::select! {
            biased;
            () = sleep_until(give_up) => {
                if give_up == deadline {
                    Outcome::DeadlinePassed
                } else {
                    Outcome::LimitExceeded
                }
            }
            response = client.get(path) => Outcome::Response(response),
        });
    }
    outcomes
}
