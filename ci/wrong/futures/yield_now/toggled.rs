//! One switch for all of them, which each poll turns. Caught by `yield_now::two_at_the_same_time_both_yield`, which says "belongs to all of them".

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
