//! The deadline is polled before the work. Caught by `work_with_deadline::work_that_is_ready_at_the_deadline_counts`, which says "polled before the work".

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
            () = &mut deadline => return None,
            output = &mut work => return Some(output),
            Some(message) = messages.recv() => handle(message),
        }
    }
}
