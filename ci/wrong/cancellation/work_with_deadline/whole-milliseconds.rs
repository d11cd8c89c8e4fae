//! The limit is rounded down to whole milliseconds. Caught by `work_with_deadline::keeps_every_message_in_time`, which says "The result should be".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(Duration::from_millis(limit.as_millis() as u64)));
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
