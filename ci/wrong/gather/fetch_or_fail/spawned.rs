//! The downloads are tasks whose handles are dropped at the error, which stops none of them. Caught by `fetch_or_fail::stops_the_rest_at_the_error`, which says "still running".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    let mut tasks: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(place, path)| {
            let (client, path) = (client.clone(), path.to_string());
            tokio::spawn(async move { (place, client.get(&path).await) })
        })
        .collect();
    let mut pages = Vec::new();
    while let Some(joined) = tasks.next().await {
        let (place, outcome) = joined.unwrap();
        pages.push((place, outcome?));
    }
    Ok(back_in_input_order(pages))
}
