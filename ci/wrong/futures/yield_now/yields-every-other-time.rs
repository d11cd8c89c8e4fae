//! Every other call does not yield. Caught by `yield_now::wakes_the_task_that_polls_it`, which says "this first poll was `Ready`".

pub async fn yield_now() {
    static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    if CALLS.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 == 1 {
        return;
    }
    let mut done = false;
    poll_fn(|cx| {
        if done {
            return Poll::Ready(());
        }
        done = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
