//! A slip is taken out, and then waits for a place in the next tube. Caught by `forward::loses_no_slip_when_dropped`, which says "Wait for the place first".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Some(slip) = next_slip(urgent, ordinary, &mut in_a_row).await {
        if onward.send(slip).await.is_err() {
            return;
        }
    }
}
