//! Starts a thread that calls the waker, and waits for it. Caught by `yield_now::wakes_on_its_own_thread`, which says "a thread is started for the wake-up".

pub async fn yield_now() {
    let mut done = false;
    poll_fn(|cx| {
        if done {
            return Poll::Ready(());
        }
        done = true;
        let waker = cx.waker().clone();
        std::thread::spawn(move || waker.wake()).join().unwrap();
        Poll::Pending
    })
    .await
}
