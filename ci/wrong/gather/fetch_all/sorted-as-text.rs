//! The pages are sorted by path, as if `paths` were sorted. Caught by `fetch_all::keeps_the_order_of_paths`, which says "in the place of another".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    join_all(paths.iter().map(|path| client.get(path))).await
}
