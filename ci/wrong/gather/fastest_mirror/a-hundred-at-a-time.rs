//! `buffer_unordered(100)` looks right until there are more than a hundred mirrors. Caught by `fastest_mirror::requests_from_many_mirrors_at_once`, which says "at most 100".

use futures::stream;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let indexed = stream::iter(mirrors.iter().enumerate());
    let mut requests = indexed
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .buffer_unordered(100);
    let mut errors = Vec::with_capacity(mirrors.len());
    while let Some((index, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}
