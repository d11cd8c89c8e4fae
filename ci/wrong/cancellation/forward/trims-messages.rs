//! Trims the messages. Caught by `forward::follows_the_rules_for_any_messages`, which says "U1".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! {
            biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message.trim().to_owned()),
                None => return,
            },
        }
    }
}
