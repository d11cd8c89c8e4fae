//! The future keeps the work until it is dropped. Caught by `work_with_deadline::has_dropped_the_work_when_it_returns`, which says "kept in a field of the future".

use std::future::poll_fn;
use std::task::Poll;

pub fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> impl Future<Output = Option<F::Output>> {
    let (mut work, mut deadline) = (Box::pin(work), None);
    poll_fn(move |cx| {
        let deadline = deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        loop {
            if let Poll::Ready(output) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            if deadline.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            match messages.poll_recv(cx) {
                Poll::Ready(Some(message)) => handle(message),
                _ => return Poll::Pending,
            }
        }
    })
}
