//! The waker of the first poll is kept for good. Caught by `Latch::rings_the_latest_waker`, which says "the waker of the first poll was kept".

pub struct Latch {
    door: Mutex<Door>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            door: Mutex::default(),
        }
    }

    pub fn open(&self) {
        let mut door = self.door();
        door.open = true;
        let wakers = door.waiting.take_all();
        drop(door);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let ticket = self.door().waiting.ticket();
        let _leave = OnDrop(|| self.door().waiting.forget(ticket));
        let mut left = false;
        poll_fn(|cx| {
            let mut door = self.door();
            if door.open {
                return Poll::Ready(());
            }
            if !left {
                door.waiting.keep(ticket, cx.waker());
                left = true;
            }
            Poll::Pending
        })
        .await
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().expect("nobody panics with the lock")
    }
}
