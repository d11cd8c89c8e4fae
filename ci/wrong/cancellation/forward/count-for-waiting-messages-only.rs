//! The count is not looked at when messages of both kinds arrive at the same instant. Caught by `forward::only_an_ordinary_message_resets_the_count`, which says "waiting already".

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
            message = next(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}

async fn next(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    in_a_row: &mut u32,
) -> Option<String> {
    if *in_a_row >= 3
        && let Ok(message) = ordinary.try_recv()
    {
        *in_a_row = 0;
        return Some(message);
    }
    tokio::select! {
        biased;
        Some(message) = urgent.recv() => {
            *in_a_row += 1;
            Some(message)
        }
        Some(message) = ordinary.recv() => {
            *in_a_row = 0;
            Some(message)
        }
        else => None,
    }
}
