//! Assumes that there is a first path. Caught by `settle::no_paths_give_two_empty_lists`, which says "a value can be missing here".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let (first, rest) = paths.split_first().unwrap();
    let (first, rest) = tokio::join!(client.get(first), fetch_all(client, rest));
    let mut settled = Settled::default();
    for (path, outcome) in paths.iter().zip([vec![first], rest].concat()) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    settled
}
