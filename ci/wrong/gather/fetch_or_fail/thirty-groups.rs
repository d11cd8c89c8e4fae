//! `try_join_all` over at most thirty groups looks at the results in input order if a group has more than 30 futures. Caught by `fetch_or_fail::fails_as_fast_with_many_paths`, which says "more than 30".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    use futures::future::try_join_all;
    let groups = paths
        .chunks(paths.len().div_ceil(30).max(1))
        .map(|group| try_join_all(group.iter().map(|path| client.get(path))));
    Ok(try_join_all(groups).await?.concat())
}
