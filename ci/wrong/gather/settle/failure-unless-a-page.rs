//! A failure is left out if the same path also arrived. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "left out".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = fetch_all(client, paths).await;
    let mut settled = Settled::default();
    for (path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    let Settled { pages, failures } = &mut settled;
    failures.retain(|(path, _)| !pages.iter().any(|page| page.path == *path));
    settled
}
