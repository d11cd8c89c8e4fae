//! Checks for a wake-up when it was unparked once, but not the second time. Caught by `block_on::an_unrelated_unpark_causes_no_poll`, which says "any number of times".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);

    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        if !signal.woken.load(crate::sync::atomic::Ordering::SeqCst) {
            crate::sync::thread::park();
        }
        if !signal
            .woken
            .swap(false, crate::sync::atomic::Ordering::SeqCst)
        {
            crate::sync::thread::park();
            signal
                .woken
                .store(false, crate::sync::atomic::Ordering::SeqCst);
        }
    }
}
struct Signal {
    thread: crate::sync::thread::Thread,
    woken: crate::sync::atomic::AtomicBool,
}
impl Default for Signal {
    fn default() -> Self {
        Self {
            thread: crate::sync::thread::current(),
            woken: crate::sync::atomic::AtomicBool::new(false),
        }
    }
}
impl Signal {}
impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.woken
            .store(true, crate::sync::atomic::Ordering::SeqCst);
        self.thread.unpark();
    }
}
