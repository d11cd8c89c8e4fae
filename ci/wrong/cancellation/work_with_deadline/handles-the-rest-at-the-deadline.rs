//! At the deadline it handles the messages that are waiting. Caught by `work_with_deadline::endless_messages_do_not_delay_the_deadline`, which says "when the deadline has passed".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => {
                while let Ok(message) = messages.try_recv() {
                    handle(message);
                }
                return None;
            }
            Some(message) = messages.recv() => handle(message),
        }
    }
}
