//! The waker notifies a condition, which forgets whom nobody waits for. Caught by `block_on::a_ring_during_the_poll_counts`, which says "a wake-up is lost".

#[derive(Default)]
struct Condition {
    lock: Mutex<()>,
    rings: Condvar,
}

impl Wake for Condition {
    fn wake(self: Arc<Self>) {
        self.rings.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(Condition::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        let lock = bell.lock.lock().unwrap();
        drop(bell.rings.wait(lock).unwrap());
    }
}
