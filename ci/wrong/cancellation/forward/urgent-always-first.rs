//! `biased;` without a count. Caught by `forward::an_ordinary_message_follows_three_urgent_ones`, which says "the ordinary input starves".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    while let Ok(slot) = output.reserve().await {
        let message = async {
            tokio::select! {
                biased;
                Some(message) = urgent.recv() => Some(message),
                Some(message) = ordinary.recv() => Some(message),
                else => None,
            }
        };
        tokio::select! {
            biased;
            () = output.closed() => return,
            message = message => match message {
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}
