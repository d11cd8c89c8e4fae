//! Polls in a loop and calls `yield_now` in between. Caught by `block_on::polls_only_after_a_wake_up`, which says "called `yield_now`".

use crate::sync::thread;

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        thread::yield_now();
    }
}
