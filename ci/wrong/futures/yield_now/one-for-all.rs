//! Whether it has yielded is kept in one place for all of them. Caught by `yield_now::each_one_yields_anew`, which says "belongs to all of them".

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
