//! Assumes that there is a first path. Caught by `fetch_all::handles_one_path_and_none`, which says "a value can be missing here".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let (first, rest) = paths.split_first().unwrap();
    let rest = join_all(rest.iter().map(|path| client.get(path)));
    let (first, rest) = tokio::join!(client.get(first), rest);
    [vec![first], rest].concat()
}
