//! The work is leaked once it is ready. Caught by `work_with_deadline::the_work_is_dropped_when_it_returns`, which says "a future was leaked".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = Box::pin(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! { biased;
            output = work.as_mut() => { std::mem::forget(work); return Some(output) },
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
