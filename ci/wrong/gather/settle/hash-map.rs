//! A map from index to outcome loses nothing but the order. Caught by `settle::starts_all_downloads_at_once`, which says "should be in the order of `paths`".

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

// A fixed hasher: a learner's map has another order in each run, but this answer has to fail with the same words
// each time.
type Outcomes<T> = HashMap<usize, T, BuildHasherDefault<DefaultHasher>>;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let downloads = in_completion_order(client, paths);
    let outcomes: Outcomes<_> = downloads.collect().await;
    let mut settled = Settled::default();
    for (index, outcome) in outcomes {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((paths[index].to_string(), error)),
        }
    }
    settled
}
