//! While both inputs are open it watches the output; when one of them is closed, it only receives from the other. Caught by `forward::returns_when_the_output_is_closed`, which says "perhaps only while one input is closed".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        let one_is_closed = urgent.is_closed() || ordinary.is_closed();
        tokio::select! {
            biased;
            () = output.closed(), if !one_is_closed => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}
