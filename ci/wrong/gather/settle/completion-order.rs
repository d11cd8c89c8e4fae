//! Each outcome is filed at the moment it comes, so both lists are in order of completion. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "in the order in which they ended".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads = in_completion_order(client, paths);
    let mut settled = Settled::default();
    while let Some((place, outcome)) = downloads.next().await {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((paths[place].to_string(), error)),
        }
    }
    settled
}
