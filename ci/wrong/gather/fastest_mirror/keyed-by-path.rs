//! The errors are kept in a map by path, so a mirror that is given twice has only one. Caught by `fastest_mirror::a_mirror_given_twice_fails_twice`, which says "kept by path".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut requests: FuturesUnordered<_> = mirrors
        .iter()
        .map(|&mirror| async move { (mirror, client.get(mirror).await) })
        .collect();
    let mut errors = std::collections::HashMap::new();
    while let Some((mirror, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => {
                errors.insert(mirror, error);
            }
        }
    }
    Err(mirrors
        .iter()
        .filter_map(|mirror| errors.remove(mirror))
        .collect())
}
