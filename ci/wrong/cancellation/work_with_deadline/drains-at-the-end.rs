//! When the work is ready, it throws away the messages that are waiting. Caught by `work_with_deadline::endless_messages_do_not_delay_the_output`, which says "stay in the channel".

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
            output = &mut work => { while let Ok(_) = messages.try_recv() {} return Some(output) },
            () = &mut deadline => return None,
            Some(message) = messages.recv() => handle(message),
        }
    }
}
