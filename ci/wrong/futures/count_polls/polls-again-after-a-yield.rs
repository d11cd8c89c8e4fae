//! It yields and polls again, in place of waiting for a ring. Caught by `count_polls::inside_a_runtime_it_sleeps_between_two_polls`, which says "a loop that yields until something changes".

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
