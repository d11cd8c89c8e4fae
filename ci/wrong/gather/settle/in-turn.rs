//! Every outcome is kept, but each download waits for the one before it. Caught by `settle::downloads_overlap`, which says "one after the other".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let mut settled = Settled::default();
    for path in paths {
        match client.get(path).await {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    settled
}
