//! After three urgent messages the count is reset even if no ordinary message was there, and an ordinary message that goes in its turn does not reset it. Caught by `forward::only_an_ordinary_message_resets_the_count`, which says "The order in the output should be".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        let mut next = None;
        if urgent_in_a_row == 3 {
            urgent_in_a_row = 0;
            next = ordinary.try_recv().ok();
        }
        if next.is_none() {
            let message = async {
                tokio::select! {
                    biased;
                    Some(message) = urgent.recv() => {
                        urgent_in_a_row += 1;
                        Some(message)
                    }
                    Some(message) = ordinary.recv() => Some(message),
                    else => None,
                }
            };
            next = tokio::select! {
                biased;
                () = output.closed() => return,
                message = message => message,
            };
        }
        match next {
            Some(message) => slot.send(message),
            None => return,
        }
    }
}
