//! When one input is closed, messages of the other are received and then sent. Caught by `forward::loses_no_message_in_a_loop_of_timeouts`, which says "owned a message at an `.await`".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        if urgent.is_closed() && urgent.is_empty() {
            drop(slot);
            while let Some(m) = ordinary.recv().await {
                if output.send(m).await.is_err() {
                    return;
                }
            }
            return;
        }
        tokio::select! { biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message { Some(message) => slot.send(message), None => return },
        }
    }
}
