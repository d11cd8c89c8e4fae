//! Only two mirrors are asked at the same time. Caught by `fastest_mirror::asks_all_mirrors_at_once`, which says "a few at a time".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mirrors: Vec<(usize, String)> = mirrors
        .iter()
        .map(|m| (*m).to_owned())
        .enumerate()
        .collect();
    let mut attempts = futures::stream::iter(mirrors)
        .map(|(place, mirror)| async move { (place, client.get(&mirror).await) })
        .buffer_unordered(2);
    let mut errors = Vec::new();
    while let Some((place, outcome)) = attempts.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((place, error)),
        }
    }
    Err(back_in_input_order(errors))
}
