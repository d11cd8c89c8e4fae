//! Toggles one flag for all calls in every poll. Caught by `yield_now::concurrent_calls_all_yield`, which says "shared by all calls".

use std::sync::atomic::{AtomicBool, Ordering};

pub async fn yield_now() {
    static YIELDED: AtomicBool = AtomicBool::new(false);
    poll_fn(|cx| {
        if YIELDED.fetch_xor(true, Ordering::Relaxed) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
