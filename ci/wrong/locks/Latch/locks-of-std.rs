//! Its locks come from `std::sync`, so that no order of the steps was tried. Caught by `Latch::no_wake_up_is_lost`, which says "No lock and no atomic of your answer comes from `crate::sync`".

pub struct Latch {
    open: std::sync::Mutex<bool>,
    waiting: std::sync::Mutex<Waiting>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: std::sync::Mutex::new(false),
            waiting: std::sync::Mutex::default(),
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
