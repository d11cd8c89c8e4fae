//! Waits for a moment after the first page. Caught by `fastest_mirror::the_fastest_page_wins`, which says "something else than its requests".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let mut requests = in_completion_order(client, mirrors);
    let mut errors = Vec::new();
    while let Some((index, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => {
                tokio::time::sleep(std::time::Duration::from_nanos(1)).await;
                return Ok(page);
            }
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}
