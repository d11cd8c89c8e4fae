//! A page that does not exist is left out, as if only a server error were a failure. Caught by `fetch_all::a_failure_keeps_its_place`, which says "one outcome for each path".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let mut outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    outcomes.retain(|outcome| !matches!(outcome, Err(WebError::NotFound { .. })));
    outcomes
}
