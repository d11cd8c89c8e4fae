//! Yields twice. Caught by `yield_now::is_pending_once`, which says "yields more than once".

pub async fn yield_now() {
    let mut left = 2;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
