//! After three urgent slips it waits for an ordinary one. Caught by `forward::does_not_wait_for_an_ordinary_one`, which says "may never come".

async fn next_slip(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    in_a_row: &mut u32,
) -> Option<String> {
    if *in_a_row >= URGENT_IN_A_ROW {
        *in_a_row = 0;
        if let Some(slip) = ordinary.recv().await {
            return Some(slip);
        }
    }
    tokio::select! {
        biased;
        Some(slip) = urgent.recv() => {
            *in_a_row += 1;
            Some(slip)
        }
        Some(slip) = ordinary.recv() => {
            *in_a_row = 0;
            Some(slip)
        }
        else => None,
    }
}

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        tokio::select! {
            biased;
            () = onward.closed() => return,
            slip = next_slip(urgent, ordinary, &mut in_a_row) => match slip {
                Some(slip) => place.send(slip),
                None => return,
            },
        }
    }
}
