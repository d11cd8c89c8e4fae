//! Keeps its flag in a variable of the closure, which is new in each poll. Caught by `yield_now::is_pending_once`, which says "is created again in each poll".

pub async fn yield_now() {
    poll_fn(|cx| {
        let mut yielded = false;
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
