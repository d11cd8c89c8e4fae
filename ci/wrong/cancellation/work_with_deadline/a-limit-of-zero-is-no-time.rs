//! With a limit of zero the work is not polled at all. Caught by `work_with_deadline::a_limit_of_zero_polls_the_work`, which says "ready at its first poll".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    if limit.is_zero() {
        return None;
    }
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
