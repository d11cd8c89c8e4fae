//! The first mirror races against the rest, and fails if there is no rest. Caught by `fastest_mirror::works_with_one_mirror`, which says "Your answer panicked".

use futures::future::{Either, select, select_all};

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let Some((first, rest)) = mirrors.split_first() else {
        return Err(Vec::new());
    };
    let first = Box::pin(client.get(first));
    let rest = select_all(rest.iter().map(|mirror| Box::pin(client.get(mirror))));
    match select(first, rest).await {
        Either::Left((Ok(page), _)) | Either::Right(((Ok(page), ..), _)) => Ok(page),
        Either::Left((Err(error), _)) | Either::Right(((Err(error), ..), _)) => Err(vec![error]),
    }
}
