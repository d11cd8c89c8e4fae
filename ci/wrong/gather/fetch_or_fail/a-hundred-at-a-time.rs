//! `buffer_unordered(100)` looks right until there are more than a hundred paths. Caught by `fetch_or_fail::fails_as_fast_with_many_paths`, which says "at most 100".

pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    use futures::TryStreamExt;
    let downloads = futures::stream::iter(paths.iter().enumerate())
        .map(|(i, path)| async move { client.get(path).await.map(|page| (i, page)) });
    let mut pages: Vec<(usize, Page)> = downloads.buffer_unordered(100).try_collect().await?;
    pages.sort_by_key(|(i, _)| *i);
    Ok(pages.into_iter().map(|(_, page)| page).collect())
}
