//! Polls the future with a waker that does nothing. Caught by `count_polls::passes_the_waker_on`, which says "does not reach the task".

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
