//! Whoever is polled again is taken for somebody who was woken. Caught by `Latch::waits_until_it_is_open`, which says "taken for having been woken".

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
        let mut asked = false;
        poll_fn(|cx| {
            let mut door = self.door();
            if door.open || asked {
                return Poll::Ready(());
            }
            asked = true;
            door.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().expect("nobody panics with the lock")
    }
}
