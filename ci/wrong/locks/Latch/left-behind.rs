//! Nothing is done when a wait is dropped. Caught by `Latch::keeps_no_waker_of_one_who_has_left`, which says "nothing happens when a wait is dropped".

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
