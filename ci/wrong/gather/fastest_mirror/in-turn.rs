//! A fallback chain: the next mirror is used only when the one before has failed. Caught by `fastest_mirror::requests_from_all_mirrors_at_once`, which says "one after the other".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut errors = Vec::new();
    for mirror in mirrors {
        match client.get(mirror).await {
            Ok(page) => return Ok(page),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
