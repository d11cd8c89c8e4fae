//! A page that does not exist is left out, and only a server error is returned. Caught by `fetch_or_fail::returns_at_the_first_error`, which says "is lost".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut downloads = in_completion_order(client, paths);
    let mut pages = Vec::with_capacity(paths.len());
    while let Some((index, outcome)) = downloads.next().await {
        match outcome {
            Err(WebError::NotFound { .. }) => {}
            outcome => pages.push((index, outcome?)),
        }
    }
    Ok(in_input_order(pages))
}
