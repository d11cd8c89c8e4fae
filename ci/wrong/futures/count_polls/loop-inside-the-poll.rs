//! Polls in a loop until the future is ready, and blocks the thread all that time. Caught by `count_polls::polls_the_inner_future_once_per_poll`, which says "in a loop".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        loop {
            polls += 1;
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready((output, polls));
            }
        }
    })
    .await
}
