//! The tubes are looked at before the end of the other side. Caught by `forward::takes_no_slip_in_the_instant_in_which_the_receiver_goes`, which says "looked at before the end".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        tokio::select! {
            biased;
            slip = next_slip(urgent, ordinary, &mut in_a_row) => match slip {
                Some(slip) => place.send(slip),
                None => return,
            },
            () = onward.closed() => return,
        }
    }
}
