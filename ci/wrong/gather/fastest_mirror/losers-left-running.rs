//! Every mirror is asked by a task, and dropping a task's handle does not stop it. Caught by `fastest_mirror::the_slower_mirrors_are_stopped`, which says "still running".

pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    let (sender, mut outcomes) = tokio::sync::mpsc::unbounded_channel();
    for (place, mirror) in mirrors.iter().enumerate() {
        let (client, mirror, sender) = (client.clone(), mirror.to_string(), sender.clone());
        tokio::spawn(async move {
            let outcome = client.get(&mirror).await;
            let _ = sender.send((place, outcome));
        });
    }
    drop(sender);
    let mut errors = Vec::new();
    while let Some((place, outcome)) = outcomes.recv().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((place, error)),
        }
    }
    Err(back_in_input_order(errors))
}
