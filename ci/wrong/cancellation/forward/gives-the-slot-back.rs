//! Gives the slot back before it sends, and another sender takes it. Caught by `forward::loses_no_message_when_others_send_to_the_output`, which says "should be in one of the three channels".

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
                Some(message) => {
                    drop(slot);
                    let _ = output.try_send(message);
                }
                None => return,
            },
        }
    }
}
