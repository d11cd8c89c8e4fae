//! It closes the channel before it returns. Caught by `work_with_deadline::keeps_every_message_in_time`, which says "calls `close`".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! { biased;
            output = &mut work => { messages.close(); return Some(output) },
            () = &mut deadline => { messages.close(); return None },
            Some(message) = messages.recv() => handle(message),
        }
    }
}
