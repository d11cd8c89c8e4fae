//! `join_all` waits for the slowest mirror, and the first page of its list is not the fastest. Caught by `fastest_mirror::the_fastest_page_wins`, which says "waited for every mirror".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut errors = Vec::new();
    for outcome in join_all(mirrors.iter().map(|mirror| client.get(mirror))).await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
