//! A map from place to outcome loses nothing but the order. Caught by `settle::a_hundred_at_once`, which says "as a `HashMap` keeps them".

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

// Always the same hasher: a learner's map has another order each time, and this one fails each time with
// the same words.
type Outcomes<T> = HashMap<usize, T, BuildHasherDefault<DefaultHasher>>;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let downloads = in_completion_order(client, paths);
    let outcomes: Outcomes<_> = downloads.collect().await;
    let mut settled = Settled::default();
    for (place, outcome) in outcomes {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((paths[place].to_string(), error)),
        }
    }
    settled
}
