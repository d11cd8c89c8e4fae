//! Polls with a waker that does nothing, and then parks the thread. Caught by `block_on::no_wake_up_is_lost`, which says "every thread waits".

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
