//! A loop that awaits each download before it starts the next. Caught by `fetch_all::downloads_overlap`, which says "one after the other".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let mut outcomes = Vec::new();
    for path in paths {
        outcomes.push(client.get(path).await);
    }
    outcomes
}
