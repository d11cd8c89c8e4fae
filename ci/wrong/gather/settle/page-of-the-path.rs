//! Keeps the pages in a map by path, so that a path which is given twice has the same page twice. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "in the place of another".

use std::collections::HashMap;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = fetch_all(client, paths).await;
    let arrived = outcomes.iter().flatten();
    let pages: HashMap<&str, &Page> = arrived.map(|page| (&*page.path, page)).collect();
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(&outcomes) {
        match outcome {
            Ok(_) => settled.pages.push(pages[path].clone()),
            Err(error) => settled.failures.push((path.to_owned(), error.clone())),
        }
    }
    settled
}
