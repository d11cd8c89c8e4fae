//! The future is polled with a waker that wakes nobody, and then the thread sleeps. Caught by `block_on::no_ring_is_lost`, which says "nobody is left to wake one".

use crate::sync::thread;

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        thread::park();
    }
}
