//! The deadline is set when the function is called. Caught by `work_with_deadline::the_limit_counts_from_the_first_poll`, which says "when the function is called".

pub fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> impl Future<Output = Option<F::Output>> {
    let deadline = sleep(limit);
    async move {
        let mut work = pin!(work);
        let mut deadline = pin!(deadline);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return Some(output),
                () = &mut deadline => return None,
                Some(message) = messages.recv() => handle(message),
            }
        }
    }
}
