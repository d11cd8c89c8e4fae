//! `output.closed()` is in the same `select!` as the inputs, which is never out of branches. Caught by `forward::returns_when_both_inputs_are_closed`, which says "keeps `else` from running".

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
        tokio::select! {
            biased;
            () = output.closed() => return,
            Some(message) = urgent.recv() => {
                urgent_in_a_row += 1;
                slot.send(message);
            }
            Some(message) = ordinary.recv() => {
                urgent_in_a_row = 0;
                slot.send(message);
            }
        }
    }
}
