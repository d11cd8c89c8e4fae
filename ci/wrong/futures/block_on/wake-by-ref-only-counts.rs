//! `wake_by_ref` notes the wake-up and does not wake the thread. Caught by `block_on::no_wake_up_is_lost`, which says "a wake-up is lost".

struct Gen {
    n: Mutex<u64>,
    cv: Condvar,
}
impl Wake for Gen {
    fn wake(self: Arc<Self>) {
        *self.n.lock().unwrap() += 1;
        self.cv.notify_all();
    }
    fn wake_by_ref(self: &Arc<Self>) {
        let mut n = self.n.lock().unwrap();
        *n += 1;
    }
}
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let gen_ = Arc::new(Gen {
        n: Mutex::new(0),
        cv: Condvar::new(),
    });
    let waker = gen_.clone().into();
    let mut cx = Context::from_waker(&waker);
    loop {
        let before = *gen_.n.lock().unwrap();
        if let Poll::Ready(o) = future.as_mut().poll(&mut cx) {
            break o;
        }
        let mut n = gen_.n.lock().unwrap();
        while *n == before {
            n = gen_.cv.wait(n).unwrap();
        }
    }
}
