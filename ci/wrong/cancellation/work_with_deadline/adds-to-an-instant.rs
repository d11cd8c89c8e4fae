//! Adds `limit` to an instant, which overflows if it is very long. Caught by `work_with_deadline::any_limit_is_kept`, which says "overflow when adding duration to instant".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(tokio::time::sleep_until(
        tokio::time::Instant::now() + limit
    ));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
