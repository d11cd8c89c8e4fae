//! After three urgent messages it waits for an ordinary one. Caught by `forward::urgent_messages_go_on_if_there_is_no_ordinary_one`, which says "may never come".

async fn next_message(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    urgent_in_a_row: &mut u32,
) -> Option<String> {
    if *urgent_in_a_row >= MAX_URGENT_IN_A_ROW {
        *urgent_in_a_row = 0;
        if let Some(message) = ordinary.recv().await {
            return Some(message);
        }
    }
    tokio::select! {
        biased;
        Some(message) = urgent.recv() => {
            *urgent_in_a_row += 1;
            Some(message)
        }
        Some(message) = ordinary.recv() => {
            *urgent_in_a_row = 0;
            Some(message)
        }
        else => None,
    }
}

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
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}
