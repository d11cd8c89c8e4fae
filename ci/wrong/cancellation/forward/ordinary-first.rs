//! The inputs are mixed up. Caught by `forward::an_ordinary_message_follows_three_urgent_ones`, which says "the ordinary input is polled first".

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
            message = next_message(ordinary, urgent, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}
