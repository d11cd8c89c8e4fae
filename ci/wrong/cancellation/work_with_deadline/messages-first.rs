//! The messages are polled before the work and the deadline. Caught by `work_with_deadline::endless_messages_do_not_delay_the_deadline`, which says "handled before the deadline is polled".

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
            Some(message) = messages.recv() => handle(message),
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
        }
    }
}
