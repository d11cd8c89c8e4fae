//! Keeps the waker of the first call in a `static`. Caught by `yield_now::wakes_the_task_that_polls_it`, which says "kept from one call to the next".

use std::sync::OnceLock;

static WAKER: OnceLock<Waker> = OnceLock::new();

pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        WAKER.get_or_init(|| cx.waker().clone()).wake_by_ref();
        Poll::Pending
    })
    .await
}
