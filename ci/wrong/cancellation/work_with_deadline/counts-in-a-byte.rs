//! Counts the messages in one byte. Caught by `work_with_deadline::any_limit_is_kept`, which says "attempt to add with overflow".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut count = 0u8;
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => { count += 1; let _ = count; handle(message) }
        }
    }
}
