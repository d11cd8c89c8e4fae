//! Up to a hundred messages are received at once, and some of them may never be handled. Caught by `work_with_deadline::messages_that_are_not_handled_stay_in_the_channel`, which says "several messages are received at once".

use std::collections::VecDeque;

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    let mut waiting = VecDeque::new();
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            Some(message) = async {
                if waiting.is_empty() {
                    let mut batch = Vec::new();
                    messages.recv_many(&mut batch, 100).await;
                    waiting.extend(batch);
                }
                waiting.pop_front()
            } => handle(message),
        }
    }
}
