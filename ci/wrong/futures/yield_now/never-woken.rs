//! Returns `Pending` without arranging a wake-up. Caught by `yield_now::has_woken_its_task_when_it_returns_pending`, which says "the future calls its waker itself".

pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|_| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        Poll::Pending
    })
    .await
}
