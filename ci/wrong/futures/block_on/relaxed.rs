//! Records a wake-up with a relaxed store, so that the poll may not see what was written before. Caught by `block_on::what_came_before_a_wake_up_is_visible`, which says "`Ordering::Relaxed`".

use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::thread::{self, Thread};

struct Unpark {
    woken: AtomicBool,
    thread: Thread,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        self.thread.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let unpark = Arc::new(Unpark {
        woken: AtomicBool::new(false),
        thread: thread::current(),
    });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !unpark.woken.swap(false, Ordering::Relaxed) {
            thread::park();
        }
    }
}
