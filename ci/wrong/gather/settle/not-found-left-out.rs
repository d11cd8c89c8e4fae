//! A page that does not exist is in neither list. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "an outcome is left out".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = fetch_all(client, paths).await;
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(WebError::NotFound { .. }) => {}
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled
}
