//! Messages are collected in a list, and handled at the end. Caught by `work_with_deadline::loses_no_message_when_dropped`, which says "received before it can be handled".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    let mut received = Vec::new();
    let output = loop {
        tokio::select! {
            biased;
            output = &mut work => break Some(output),
            () = &mut deadline => break None,
            Some(message) = messages.recv() => received.push(message),
        }
    };
    received.into_iter().for_each(&mut handle);
    output
}
