//! Each request is a task, and dropping the receiver or a handle stops none of them. Caught by `fastest_mirror::cancels_the_slower_mirrors`, which says "still running".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let (sender, mut outcomes) = tokio::sync::mpsc::unbounded_channel();
    for (index, mirror) in mirrors.iter().enumerate() {
        let (client, mirror, sender) = (client.clone(), mirror.to_string(), sender.clone());
        tokio::spawn(async move {
            let outcome = client.get(&mirror).await;
            let _ = sender.send((index, outcome));
        });
    }
    drop(sender);
    let mut errors = Vec::new();
    while let Some((index, outcome)) = outcomes.recv().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}
