//! Four urgent messages go before an ordinary one. Caught by `forward::an_ordinary_message_follows_three_urgent_ones`, which says "an off-by-one error".

const MAX_URGENT_IN_A_ROW: u32 = 4;

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
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}
