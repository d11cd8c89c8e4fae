//! After a hundred messages, the channel is not polled any more. Caught by `work_with_deadline::keeps_every_message_in_time`, which says "once and in order".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    let mut n = 0;
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv(), if n < 100 => { n += 1; handle(message) }
        }
    }
}
