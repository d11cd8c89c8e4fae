//! The turn is decided before there is a slot. Caught by `forward::follows_the_rules_for_any_messages`, which says "left in the two inputs".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut row = 0;
    loop {
        let urgent_waits = !urgent.is_empty();
        let Ok(slot) = output.reserve().await else {
            return;
        };
        let mut turn = if row < 3 && !urgent_waits && !ordinary.is_empty() {
            3
        } else {
            row
        };
        tokio::select! { biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut turn) => match message { Some(message) => { row = if turn == 0 { 0 } else { row + 1 }; slot.send(message) }, None => return },
        }
    }
}
