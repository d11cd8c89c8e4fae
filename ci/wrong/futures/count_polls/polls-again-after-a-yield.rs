//! Yields and polls again instead of waiting for a wake-up. Caught by `count_polls::is_not_polled_between_wake_ups`, which says "Hangs".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    loop {
        polls += 1;
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        if let Poll::Ready(output) = polled {
            return (output, polls);
        }
        tokio::task::yield_now().await;
    }
}
