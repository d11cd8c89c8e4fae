//! Returns after a thousand messages. Caught by `forward::urgent_messages_go_on_if_there_is_no_ordinary_one`, which says "1000 were".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut sent = 0;
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! {
            biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) if sent < 1000 => {
                    sent += 1;
                    slot.send(message);
                }
                _ => return,
            },
        }
    }
}
