//! When the channel is closed, the work is awaited alone. Caught by `work_with_deadline::keeps_the_deadline_when_the_channel_is_closed`, which says "the work is awaited alone".

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
            () = &mut deadline => return None,
            message = messages.recv() => match message {
                Some(message) => handle(message),
                None => return Some(work.await),
            },
        }
    }
}
