//! Only ten requests run at the same time. Caught by `fastest_mirror::requests_from_many_mirrors_at_once`, which says "at most 10".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mirrors: Vec<(usize, String)> = mirrors
        .iter()
        .map(|m| (*m).to_owned())
        .enumerate()
        .collect();
    let mut requests = futures::stream::iter(mirrors)
        .map(|(index, mirror)| async move { (index, client.get(&mirror).await) })
        .buffer_unordered(10);
    let mut errors = Vec::new();
    while let Some((index, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}
