//! Counts wake-ups and polls once for each. Caught by `block_on::two_wake_ups_cause_one_poll`, which says "it counts wake-ups".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(WakeCount::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                let count = signal.count.lock().unwrap();
                let mut count = signal.changed.wait_while(count, |count| *count == 0).unwrap();
                *count -= 1;
            }
        }
    }
}

#[derive(Default)]
struct WakeCount {
    count: Mutex<u32>,
    changed: Condvar,
}

impl Wake for WakeCount {
    fn wake(self: Arc<Self>) {
        *self.count.lock().unwrap() += 1;
        self.changed.notify_one();
    }
}
