//! Remembers in a `static`, shared by all calls, that it has yielded. Caught by `yield_now::each_call_yields_once`, which says "shared by all calls".

use std::sync::atomic::{AtomicBool, Ordering};

pub async fn yield_now() {
    static YIELDED: AtomicBool = AtomicBool::new(false);
    poll_fn(|cx| {
        if YIELDED.swap(true, Ordering::Relaxed) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
