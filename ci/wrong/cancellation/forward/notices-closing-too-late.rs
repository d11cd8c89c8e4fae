//! A closed output is noticed only when a message has arrived. Caught by `forward::returns_when_the_output_is_closed`, which says "`output.closed()` is a future".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        let Some(message) = next_message(urgent, ordinary, &mut urgent_in_a_row).await else {
            return;
        };
        slot.send(message);
    }
}
