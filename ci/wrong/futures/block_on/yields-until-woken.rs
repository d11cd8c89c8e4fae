//! Polls only after a wake-up, but calls `yield_now` in a loop until then. Caught by `block_on::no_wake_up_is_lost`, which says "called `yield_now`".

use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::thread;

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&flag));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !flag.0.swap(false, Ordering::SeqCst) {
            thread::yield_now();
        }
    }
}
