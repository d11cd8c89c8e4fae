//! Every iteration has a `sleep` of its own. Caught by `work_with_deadline::a_message_does_not_move_the_deadline`, which says "creates a new `sleep`".

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            Some(message) = messages.recv() => handle(message),
            () = sleep(limit) => return None,
        }
    }
}
