//! The call returns when no message has arrived for half an hour. Caught by `forward::waits_without_polling`, which says "should be forwarded; it was not".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! {
            biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message),
                None => return,
            },
            () = sleep(Duration::from_secs(1800)) => return,
        }
    }
}
