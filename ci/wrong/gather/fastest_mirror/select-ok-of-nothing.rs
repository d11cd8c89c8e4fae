//! `select_ok` keeps its promise except when it is given nothing: then it panics. Caught by `fastest_mirror::no_mirrors_is_an_empty_list_of_errors`, which says "iterator provided to select_ok was empty".

use futures::future::select_ok;
use std::sync::Mutex;

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let errors = Mutex::new(Vec::new());
    let attempts = mirrors.iter().enumerate().map(|(place, mirror)| {
        let errors = &errors;
        Box::pin(async move {
            let outcome = client.get(mirror).await;
            outcome.map_err(|error| errors.lock().unwrap().push((place, error)))
        })
    });
    let fastest = select_ok(attempts).await.map(|(page, _slower)| page);
    fastest.map_err(|()| back_in_input_order(errors.into_inner().unwrap()))
}
