//! `select_ok` returns the first success, but only the last of all errors. Caught by `fastest_mirror::returns_all_errors_if_all_mirrors_fail`, which says "only the last error".

use futures::future::select_ok;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    if mirrors.is_empty() {
        return Err(Vec::new());
    }
    let requests = mirrors.iter().map(|mirror| Box::pin(client.get(mirror)));
    match select_ok(requests).await {
        Ok((page, _slower)) => Ok(page),
        Err(error) => Err(vec![error]),
    }
}
