//! A loop with a question mark stops at an error, but downloads one page after another. Caught by `fetch_or_fail::downloads_overlap`, which says "one after the other".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(client.get(path).await?);
    }
    Ok(pages)
}
