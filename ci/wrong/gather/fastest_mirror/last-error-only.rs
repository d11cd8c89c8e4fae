//! `select_ok` gives the first success, but of all errors only the last. Caught by `fastest_mirror::all_errors_when_all_fail`, which says "only the last error".

use futures::future::select_ok;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    if mirrors.is_empty() {
        return Err(Vec::new());
    }
    let attempts = mirrors.iter().map(|mirror| Box::pin(client.get(mirror)));
    match select_ok(attempts).await {
        Ok((page, _slower)) => Ok(page),
        Err(error) => Err(vec![error]),
    }
}
