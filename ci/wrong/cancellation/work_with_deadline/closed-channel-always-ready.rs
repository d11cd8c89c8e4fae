//! `None` is handled and ignored, so the closed channel is received from again and again. Caught by `work_with_deadline::the_work_goes_on_when_the_channel_is_closed`, which says "received from again and again".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! { biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            message = messages.recv() => if let Some(message) = message { handle(message) },
        }
    }
}
