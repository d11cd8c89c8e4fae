//! A map from path to outcome has room for one outcome of a path, not for two. Caught by `settle::a_path_given_twice_counts_twice`, which says "keyed by path".

use std::collections::HashMap;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = HashMap::new();
    while let Some((place, outcome)) = downloads.next().await {
        outcomes.insert(paths[place], outcome);
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
