//! What should be remembered between two polls is a variable of one poll. Caught by `yield_now::is_pending_once`, which says "is a new one at each poll".

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
