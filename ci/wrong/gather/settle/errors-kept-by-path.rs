//! Keeps the errors by path, so two failures of one path both have the second error. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "in the place of another".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    use std::collections::BTreeMap;
    let outcomes = fetch_all(client, paths).await;
    let failed: BTreeMap<&str, WebError> = paths
        .iter()
        .zip(&outcomes)
        .filter_map(|(&path, outcome)| Some((path, outcome.clone().err()?)))
        .collect();
    let failures = paths
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| outcome.is_err())
        .map(|(&path, _)| (path.to_owned(), failed[path].clone()))
        .collect();
    Settled {
        pages: outcomes.into_iter().flatten().collect(),
        failures,
    }
}
