//! Calls the waker before it checks whether it is done. Caught by `yield_now::wakes_nothing_when_it_is_ready`, which says "including the last one".

pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        cx.waker().wake_by_ref();
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        Poll::Pending
    })
    .await
}
