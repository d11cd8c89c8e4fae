//! The end of the other side stands in the same round as the tubes, so the round never runs out of branches. Caught by `forward::ends_when_both_tubes_are_finished`, which says "who sees that both are out".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        if in_a_row >= 3
            && let Ok(slip) = ordinary.try_recv()
        {
            in_a_row = 0;
            place.send(slip);
            continue;
        }
        tokio::select! {
            biased;
            () = onward.closed() => return,
            Some(slip) = urgent.recv() => {
                in_a_row += 1;
                place.send(slip);
            }
            Some(slip) = ordinary.recv() => {
                in_a_row = 0;
                place.send(slip);
            }
        }
    }
}
