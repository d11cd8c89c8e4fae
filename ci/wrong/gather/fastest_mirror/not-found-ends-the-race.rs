//! A mirror without the page ends the race, as if none of the others could have it. Caught by `fastest_mirror::a_quick_failure_does_not_win`, which says "first to complete".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut requests = in_completion_order(client, mirrors);
    let mut errors = Vec::with_capacity(mirrors.len());
    while let Some((index, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error @ WebError::NotFound { .. }) => return Err(vec![error]),
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}
