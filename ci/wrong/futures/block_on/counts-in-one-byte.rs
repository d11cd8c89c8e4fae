//! Counts the wake-ups since the last poll in one byte. Caught by `block_on::polls_once_for_any_number_of_wake_ups`, which says "attempt to add with overflow".

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
                let mut count = signal
                    .changed
                    .wait_while(count, |count| *count == 0)
                    .unwrap();
                *count = 0;
            }
        }
    }
}

#[derive(Default)]
struct WakeCount {
    count: Mutex<u8>,
    changed: Condvar,
}

impl Wake for WakeCount {
    fn wake(self: Arc<Self>) {
        *self.count.lock().unwrap() += 1;
        self.changed.notify_one();
    }
}
