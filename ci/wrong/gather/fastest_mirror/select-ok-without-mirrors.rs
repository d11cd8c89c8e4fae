//! `select_ok` panics if it is given no future. Caught by `fastest_mirror::no_mirrors_give_an_empty_list_of_errors`, which says "iterator provided to select_ok was empty".

use futures::future::select_ok;
use std::sync::Mutex;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let errors = Mutex::new(Vec::new());
    let requests = mirrors.iter().enumerate().map(|(index, mirror)| {
        let errors = &errors;
        Box::pin(async move {
            let outcome = client.get(mirror).await;
            outcome.map_err(|error| errors.lock().unwrap().push((index, error)))
        })
    });
    let fastest = select_ok(requests).await.map(|(page, _slower)| page);
    fastest.map_err(|()| in_input_order(errors.into_inner().unwrap()))
}
