//! The first error ends the loop. Caught by `fetch_with_deadline::downloads_one_after_the_other`, which says "an error ends the function".

pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for path in paths {
        let outcome = fetch_one(client, path, limit, deadline).await;
        let failed = matches!(outcome, Outcome::Response(Err(_)));
        outcomes.push(outcome);
        if failed {
            break;
        }
    }
    outcomes
}
