//! It returns when one of the inputs is closed. Caught by `forward::forwards_every_message_in_order`, which says "returns when the first input is closed".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        if urgent_in_a_row >= 3
            && let Ok(message) = ordinary.try_recv()
        {
            urgent_in_a_row = 0;
            slot.send(message);
            continue;
        }
        let message = tokio::select! {
            biased;
            () = output.closed() => return,
            message = urgent.recv() => message,
            message = ordinary.recv() => message,
        };
        let Some(message) = message else { return };
        urgent_in_a_row += 1;
        slot.send(message);
    }
}
