//! A message that is equal to the one before is skipped. Caught by `work_with_deadline::keeps_every_message_in_time`, which says "once and in order".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    let mut last = None;
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => { if last != Some(message) { handle(message) } last = Some(message); }
        }
    }
}
