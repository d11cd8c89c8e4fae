//! The downloads are tasks whose handles are dropped at the error, which stops none of them. Caught by `fetch_or_fail::cancels_the_rest_at_the_first_error`, which says "still running".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut tasks: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { (index, client.get(&path).await) })
        })
        .collect();
    let mut pages = Vec::new();
    while let Some(joined) = tasks.next().await {
        let (index, outcome) = joined.unwrap();
        pages.push((index, outcome?));
    }
    Ok(in_input_order(pages))
}
