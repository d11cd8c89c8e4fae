//! The flag and the wakers have a lock each, and the waker is stored after the check. Caught by `Latch::no_wake_up_is_lost`, which says "a wake-up is lost".

pub struct Latch {
    open: Mutex<bool>,
    waiters: Mutex<Waiters>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: Mutex::new(false),
            waiters: Mutex::default(),
        }
    }

    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        let wakers = self.waiters.lock().unwrap().take_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let id = self.waiters.lock().unwrap().new_id();
        let _cleanup = OnDrop(|| self.waiters.lock().unwrap().remove(id));
        poll_fn(|cx| {
            if *self.open.lock().unwrap() {
                return Poll::Ready(());
            }
            self.waiters.lock().unwrap().set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }
}
