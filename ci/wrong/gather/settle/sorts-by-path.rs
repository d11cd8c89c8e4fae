//! Sorts both lists by path. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "sorted by path".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = fetch_all(client, paths).await;
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled.pages.sort_by(|a, b| a.path.cmp(&b.path));
    settled.failures.sort_by(|a, b| a.0.cmp(&b.0));
    settled
}
