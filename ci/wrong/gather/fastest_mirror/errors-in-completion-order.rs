//! The errors are kept as they come: the quickest failure is first, whichever mirror it was. Caught by `fastest_mirror::all_errors_when_all_fail`, which says "in the order in which they came".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut attempts: FuturesUnordered<_> =
        mirrors.iter().map(|mirror| client.get(mirror)).collect();
    let mut errors = Vec::new();
    while let Some(outcome) = attempts.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
