//! Parks after each poll, and checks for a wake-up only then. Caught by `block_on::a_nested_call_takes_no_wake_up`, which says "Hangs".

use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};
use crate::sync::thread::{self, Thread};

struct Unpark {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.thread.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let unpark = Arc::new(Unpark {
        thread: thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        loop {
            thread::park();
            if unpark.woken.swap(false, SeqCst) {
                break;
            }
        }
    }
}
