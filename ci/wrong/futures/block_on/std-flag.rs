//! Its flag comes from `std::sync` and is cleared after the thread has slept: a wake-up just before that is lost, in an interleaving that cannot be tried. Caught by `block_on::no_wake_up_is_lost`, which says "comes from `crate::sync`".

use std::sync::atomic::{AtomicBool, Ordering};

use crate::sync::thread::{self, Thread};

struct Parked {
    woken: AtomicBool,
    thread: Thread,
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let parked = Arc::new(Parked {
        woken: AtomicBool::new(false),
        thread: thread::current(),
    });
    let waker = Waker::from(Arc::clone(&parked));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !parked.woken.load(Ordering::SeqCst) {
            thread::park();
        }
        parked.woken.store(false, Ordering::SeqCst);
    }
}
