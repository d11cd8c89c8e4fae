//! The futures are created and never awaited; the pages are made up. Caught by `fetch_all::starts_a_thousand_downloads_at_once`, which says "no download was awaited".

pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    let _downloads: Vec<_> = paths.iter().map(|path| client.get(path)).collect();
    let page = |path: &&str| Page {
        path: path.to_string(),
        body: format!("body of {path}"),
    };
    paths.iter().map(page).map(Ok).collect()
}
