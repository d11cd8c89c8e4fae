//! An empty message is taken for the end. Caught by `forward::follows_the_rules_for_any_messages`, which says "should not return".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! { biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message { Some(message) if !message.is_empty() => slot.send(message), _ => return },
        }
    }
}
