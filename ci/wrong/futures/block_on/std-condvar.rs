//! Right, but its lock and condition variable come from `std::sync`, where the grader cannot try every interleaving. Caught by `block_on::no_wake_up_is_lost`, which says "Take them from `crate::sync`".

#[derive(Default)]
struct StdSignal {
    woken: std::sync::Mutex<bool>,
    changed: std::sync::Condvar,
}

impl Wake for StdSignal {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(StdSignal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        let woken = signal.woken.lock().unwrap();
        *signal.changed.wait_while(woken, |woken| !*woken).unwrap() = false;
    }
}
