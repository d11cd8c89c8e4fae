//! A message is received first, and then waits for a slot in the output. Caught by `forward::loses_no_message_when_dropped`, which says "Reserve the slot first".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Some(message) = next_message(urgent, ordinary, &mut urgent_in_a_row).await {
        if output.send(message).await.is_err() {
            return;
        }
    }
}
