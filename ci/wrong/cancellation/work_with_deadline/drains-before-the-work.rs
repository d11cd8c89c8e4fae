//! After a message, all others that are waiting are handled before anything else. Caught by `work_with_deadline::endless_messages_do_not_delay_the_output`, which says "before the work is polled again".

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
            () = std::future::ready(()), if deadline.is_elapsed() && false => {}
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = messages.recv() => { handle(message); while let Ok(m) = messages.try_recv() { handle(m) } }
        }
    }
}
