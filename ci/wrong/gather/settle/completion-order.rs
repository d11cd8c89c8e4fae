//! Each outcome is stored when it arrives, so both lists are in completion order. Caught by `settle::both_lists_keep_the_order_of_paths`, which says "in the order in which the downloads ended".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut downloads = in_completion_order(client, paths);
    let mut settled = Settled::default();
    while let Some((index, outcome)) = downloads.next().await {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((paths[index].to_string(), error)),
        }
    }
    settled
}
