//! Right, but its lock and its condition come from `std::sync`, where the grader cannot try every order. Caught by `block_on::no_ring_is_lost`, which says "Take them from `crate::sync`".

#[derive(Default)]
struct Doorbell {
    rung: std::sync::Mutex<bool>,
    rings: std::sync::Condvar,
}

impl Wake for Doorbell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.rings.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(Doorbell::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        let rung = bell.rung.lock().unwrap();
        *bell.rings.wait_while(rung, |rung| !*rung).unwrap() = false;
    }
}
