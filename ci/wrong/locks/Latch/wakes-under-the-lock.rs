//! The wakers are used while the lock is held, and whoever is woken wants it. Caught by `Latch::wakes_when_its_lock_is_free`, which says "woken while the lock is held".

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
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let ticket = self.door().waiting.ticket();
        let _leave = OnDrop(|| self.door().waiting.forget(ticket));
        poll_fn(|cx| {
            let mut door = self.door();
            if door.open {
                return Poll::Ready(());
            }
            door.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().expect("nobody panics with the lock")
    }
}
