//! Each ring is counted, and polled for. Caught by `block_on::two_rings_are_one_poll`, which says "rings are counted".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(Counter::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                let count = bell.count.lock().unwrap();
                let mut count = bell.rings.wait_while(count, |count| *count == 0).unwrap();
                *count -= 1;
            }
        }
    }
}

#[derive(Default)]
struct Counter {
    count: Mutex<u32>,
    rings: Condvar,
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        *self.count.lock().unwrap() += 1;
        self.rings.notify_one();
    }
}
