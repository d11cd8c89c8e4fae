//! A loop awaits one download after the other, which makes counting easy. Caught by `settle_with_budget::downloads_overlap`, which says "one after the other".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut settled = Settled::default();
    for path in paths {
        if settled.failures.len() == budget {
            settled.cancelled.push(path.to_string());
            continue;
        }
        match client.get(path).await {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_string(), error)),
        }
    }
    settled
}
