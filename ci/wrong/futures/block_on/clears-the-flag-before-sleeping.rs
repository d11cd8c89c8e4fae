//! Clears the flag after the poll, and with it a wake-up that came during the poll. Caught by `block_on::a_wake_up_during_the_poll_counts`, which says "Hangs".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        *signal.woken.lock().unwrap() = false;
        signal.wait();
    }
}
