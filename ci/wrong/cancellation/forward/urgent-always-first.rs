//! Biased, and nobody counts. Caught by `forward::urgent_ones_go_first_but_three_in_a_row`, which says "the ordinary tube starves".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    while let Ok(place) = onward.reserve().await {
        let slip = async {
            tokio::select! {
                biased;
                Some(slip) = urgent.recv() => Some(slip),
                Some(slip) = ordinary.recv() => Some(slip),
                else => None,
            }
        };
        tokio::select! {
            biased;
            () = onward.closed() => return,
            slip = slip => match slip {
                Some(slip) => place.send(slip),
                None => return,
            },
        }
    }
}
