//! The tubes are mixed up. Caught by `forward::urgent_ones_go_first_but_three_in_a_row`, which says "the ordinary tube is looked at first".

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
            slip = next_slip(ordinary, urgent, &mut in_a_row) => match slip {
                Some(slip) => place.send(slip),
                None => return,
            },
        }
    }
}
