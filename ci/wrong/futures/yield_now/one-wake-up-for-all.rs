//! Leaves out the wake-up if another yield of the thread is pending. Caught by `yield_now::concurrent_calls_all_yield`, which says "is taken for all of them".

thread_local! {
    static PENDING: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

struct Pending;

impl Drop for Pending {
    fn drop(&mut self) {
        PENDING.set(PENDING.get() - 1);
    }
}

pub async fn yield_now() {
    let mut pending = None;
    poll_fn(|cx| {
        if pending.take().is_some() {
            return Poll::Ready(());
        }
        // One wake-up is enough for all.
        if PENDING.get() == 0 {
            cx.waker().wake_by_ref();
        }
        PENDING.set(PENDING.get() + 1);
        pending = Some(Pending);
        Poll::Pending
    })
    .await
}
