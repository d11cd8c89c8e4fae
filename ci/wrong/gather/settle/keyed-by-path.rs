//! A map from path to outcome keeps only one outcome of each path. Caught by `settle::a_path_given_twice_counts_twice`, which says "keyed by path".

use std::collections::HashMap;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = HashMap::new();
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.insert(paths[index], outcome);
    }
    let mut settled = Settled::default();
    for path in paths {
        match outcomes.remove(path) {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_string(), error)),
            None => {}
        }
    }
    settled
}
