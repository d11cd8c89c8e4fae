//! The branch receives and sends, so the message is owned by a future that may be dropped. Caught by `forward::loses_no_message_in_a_loop_of_timeouts`, which says "owned a message at an `.await`".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    loop {
        let forwarded = async {
            match next_message(urgent, ordinary, &mut urgent_in_a_row).await {
                Some(message) => output.send(message).await.is_ok(),
                None => false,
            }
        };
        tokio::select! {
            biased;
            forwarded = forwarded => if !forwarded { return },
            () = output.closed() => return,
        }
    }
}
