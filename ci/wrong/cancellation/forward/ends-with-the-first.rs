//! It ends when one of the tubes does. Caught by `forward::everything_arrives_in_its_order`, which says "ends when one of the tubes does".

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
        let slip = tokio::select! {
            biased;
            () = onward.closed() => return,
            slip = urgent.recv() => slip,
            slip = ordinary.recv() => slip,
        };
        let Some(slip) = slip else { return };
        in_a_row += 1;
        place.send(slip);
    }
}
