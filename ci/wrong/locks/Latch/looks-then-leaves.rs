//! The flag and the wakers have a lock each, and the waker is left after the look. Caught by `Latch::no_wake_up_is_lost`, which says "a wake-up is lost".

pub struct Latch {
    open: Mutex<bool>,
    waiting: Mutex<Waiting>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: Mutex::new(false),
            waiting: Mutex::default(),
        }
    }

    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        let wakers = self.waiting.lock().unwrap().take_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let ticket = self.waiting.lock().unwrap().ticket();
        let _leave = OnDrop(|| self.waiting.lock().unwrap().forget(ticket));
        poll_fn(|cx| {
            if *self.open.lock().unwrap() {
                return Poll::Ready(());
            }
            self.waiting.lock().unwrap().keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }
}
