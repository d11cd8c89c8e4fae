//! The count is kept in a byte, and is zero again after 256 urgent messages. Caught by `forward::only_an_ordinary_message_resets_the_count`, which says "in one byte".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0u8;
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

async fn next_message(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    urgent_in_a_row: &mut u8,
) -> Option<String> {
    // Decided before the wait, because both kinds may arrive at the same instant.
    let ordinary_first = *urgent_in_a_row >= 3;
    let (first, second) = if ordinary_first {
        (ordinary, urgent)
    } else {
        (urgent, ordinary)
    };
    let (message, was_first) = tokio::select! {
        biased;
        Some(message) = first.recv() => (message, true),
        Some(message) = second.recv() => (message, false),
        else => return None,
    };
    let was_ordinary = was_first == ordinary_first;
    *urgent_in_a_row = if was_ordinary {
        0
    } else {
        urgent_in_a_row.wrapping_add(1)
    };
    Some(message)
}
