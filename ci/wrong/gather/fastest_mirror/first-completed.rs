//! `select_all` returns the first to complete, and a failure completes too. Caught by `fastest_mirror::a_quick_failure_does_not_win`, which says "first to complete".

use futures::future::select_all;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    if mirrors.is_empty() {
        return Err(Vec::new());
    }
    let requests = mirrors.iter().map(|mirror| Box::pin(client.get(mirror)));
    let (first, _, _) = select_all(requests).await;
    first.map_err(|error| vec![error])
}
