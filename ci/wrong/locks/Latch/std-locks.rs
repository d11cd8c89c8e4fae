//! Takes its locks from `std::sync`, so no interleaving is tried. Caught by `Latch::no_wake_up_is_lost`, which says "No lock and no atomic of your answer comes from `crate::sync`".

pub struct Latch {
    open: std::sync::Mutex<bool>,
    waiters: std::sync::Mutex<Waiters>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: std::sync::Mutex::new(false),
            waiters: std::sync::Mutex::default(),
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
