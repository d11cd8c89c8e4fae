//! Passes the waker of the first poll on in every poll. Caught by `count_polls::wakes_the_latest_waker`, which says "the waker of the first poll was kept".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let (mut polls, mut first) = (0, None);
    poll_fn(|cx| {
        polls += 1;
        let waker: &Waker = first.get_or_insert_with(|| cx.waker().clone());
        let output = ready!(future.as_mut().poll(&mut Context::from_waker(waker)));
        Poll::Ready((output, polls))
    })
    .await
}
