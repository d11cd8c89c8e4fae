//! The future is polled with a waker that wakes nobody. Caught by `count_polls::hands_its_waker_on`, which says "its ring goes nowhere".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        let mut cx = Context::from_waker(Waker::noop());
        let output = ready!(future.as_mut().poll(&mut cx));
        Poll::Ready((output, polls))
    })
    .await
}
