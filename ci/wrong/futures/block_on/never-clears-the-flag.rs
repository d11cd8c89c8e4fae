//! Sets the flag at the first wake-up and never clears it. Caught by `block_on::polls_only_after_a_wake_up`, which says "Hangs".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(StickySignal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                let woken = signal.woken.lock().unwrap();
                drop(signal.changed.wait_while(woken, |woken| !*woken).unwrap());
            }
        }
    }
}

#[derive(Default)]
struct StickySignal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Wake for StickySignal {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}
