//! The flag comes from `std::sync`, and is put out when the thread has slept: a ring just before that is lost, in an order that is not tried. Caught by `block_on::no_ring_is_lost`, which says "No lock and no atomic of your answer comes from `crate::sync`".

use std::sync::atomic::{AtomicBool, Ordering};

use crate::sync::thread::{self, Thread};

struct Parked {
    rung: AtomicBool,
    thread: Thread,
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let parked = Arc::new(Parked {
        rung: AtomicBool::new(false),
        thread: thread::current(),
    });
    let waker = Waker::from(Arc::clone(&parked));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !parked.rung.load(Ordering::SeqCst) {
            thread::park();
        }
        parked.rung.store(false, Ordering::SeqCst);
    }
}
