//! Passes on the waker of an earlier poll, unless the new one differs from the first. Caught by `count_polls::wakes_the_latest_waker`, which says "compares its waker with that of the first poll".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    let mut wakers: Option<(Waker, Waker)> = None;
    poll_fn(|cx| {
        polls += 1;
        let (first, latest) =
            wakers.get_or_insert_with(|| (cx.waker().clone(), cx.waker().clone()));
        if !first.will_wake(cx.waker()) {
            latest.clone_from(cx.waker());
        }
        let output = ready!(future.as_mut().poll(&mut Context::from_waker(latest)));
        Poll::Ready((output, polls))
    })
    .await
}
