//! Waits for a minute at most. Caught by `work_with_deadline::any_limit_is_kept`, which says "the limit is".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit.min(Duration::from_secs(60))));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
