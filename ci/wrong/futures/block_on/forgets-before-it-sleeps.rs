//! The flag is cleared after the poll, and with it the ring that came meanwhile. Caught by `block_on::a_ring_during_the_poll_counts`, which says "Hangs".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        *bell.rung.lock().unwrap() = false;
        bell.wait();
    }
}
