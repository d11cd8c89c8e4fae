//! A page with an empty body counts only if no other page arrives. Caught by `fastest_mirror::the_fastest_page_wins`, which says "kept waiting although it had a page".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut running = in_completion_order(client, mirrors);
    let mut errors = Vec::new();
    let mut empty = None;
    while let Some((i, outcome)) = running.next().await {
        match outcome {
            Ok(page) if page.body.is_empty() => empty = Some(page),
            Ok(page) => return Ok(page),
            Err(error) => errors.push((i, error)),
        }
    }
    match empty {
        Some(page) => Ok(page),
        None => Err(in_input_order(errors)),
    }
}
