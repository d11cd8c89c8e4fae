//! That it was rung for is noted, and never taken back. Caught by `block_on::polls_only_when_it_is_rung_for`, which says "a loop that asks again and again".

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(AlwaysRung::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                let rung = bell.rung.lock().unwrap();
                drop(bell.rings.wait_while(rung, |rung| !*rung).unwrap());
            }
        }
    }
}

#[derive(Default)]
struct AlwaysRung {
    rung: Mutex<bool>,
    rings: Condvar,
}

impl Wake for AlwaysRung {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.rings.notify_one();
    }
}
