//! Calls its waker after every 128 polls. Caught by `count_polls::does_not_wake_itself`, which says "should not have been called".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        let polled = future.as_mut().poll(cx);
        if polled.is_pending() && polls % 128 == 0 {
            cx.waker().wake_by_ref();
        }
        polled.map(|output| (output, polls))
    })
    .await
}
