//! After it has handled a message, it returns `Pending` without receiving once more. Caught by `work_with_deadline::handles_each_message_when_it_arrives`, which says "Nothing wakes it for the next one".

use std::future::poll_fn;
use std::task::Poll;

pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        if deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(Some(message)) = messages.poll_recv(cx) {
            handle(message);
        }
        Poll::Pending
    })
    .await
}
