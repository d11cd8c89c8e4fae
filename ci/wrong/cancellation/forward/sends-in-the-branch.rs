//! A branch sends what another one has given: the slip is in a future that may be dropped. Caught by `forward::loses_no_slip_when_called_back_again_and_again`, which says "in the answer's hands".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    loop {
        let moved = async {
            match next_slip(urgent, ordinary, &mut in_a_row).await {
                Some(slip) => onward.send(slip).await.is_ok(),
                None => false,
            }
        };
        tokio::select! {
            biased;
            moved = moved => if !moved { return },
            () = onward.closed() => return,
        }
    }
}
