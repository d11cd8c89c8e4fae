//! Notifies a condition variable without a flag: a wake-up that comes before the thread waits is lost. Caught by `block_on::a_wake_up_during_the_poll_counts`, which says "a wake-up is lost".

#[derive(Default)]
struct Condition {
    lock: Mutex<()>,
    changed: Condvar,
}

impl Wake for Condition {
    fn wake(self: Arc<Self>) {
        self.changed.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Condition::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        let lock = signal.lock.lock().unwrap();
        drop(signal.changed.wait(lock).unwrap());
    }
}
