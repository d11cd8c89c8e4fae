//! Opening wakes those who wait and is not remembered: who comes later waits for the next time. Caught by `Latch::who_comes_later_does_not_wait`, which says "a bell in place of a door".

pub struct Latch {
    door: Mutex<(u64, Waiting)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            door: Mutex::new((0, Waiting::default())),
        }
    }

    pub fn open(&self) {
        let mut door = self.door.lock().unwrap();
        door.0 += 1;
        let wakers = door.1.take_all();
        drop(door);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let (rung, ticket) = {
            let mut door = self.door.lock().unwrap();
            (door.0, door.1.ticket())
        };
        poll_fn(|cx| {
            let mut door = self.door.lock().unwrap();
            if door.0 > rung {
                return Poll::Ready(());
            }
            door.1.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }
}
