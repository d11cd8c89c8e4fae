//! The errors are returned in completion order, so the quickest failure is first. Caught by `fastest_mirror::returns_all_errors_if_all_mirrors_fail`, which says "in the order in which they occurred".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut requests: FuturesUnordered<_> =
        mirrors.iter().map(|mirror| client.get(mirror)).collect();
    let mut errors = Vec::new();
    while let Some(outcome) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
