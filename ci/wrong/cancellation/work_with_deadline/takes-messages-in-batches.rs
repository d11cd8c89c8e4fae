//! Receives several messages at once, and awaits between two of them. Caught by `work_with_deadline::loses_no_message_when_dropped`, which says "received before it can be handled".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            // When the channel is closed, `None` disables this branch, and the others go on.
            1.. = messages.recv_many(&mut batch, 16) => {
                for message in batch.drain(..) {
                    handle(message);
                    // The others have their turn between two messages.
                    tokio::task::yield_now().await;
                }
            }
        }
    }
}
