//! The fourth urgent one goes before an ordinary one. Caught by `forward::urgent_ones_go_first_but_three_in_a_row`, which says "counts one too far".

const URGENT_IN_A_ROW: u32 = 4;

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
