//! There is room for the waker of one. Caught by `Latch::opens_for_all_who_wait`, which says "room for one only".

pub struct Latch {
    door: Mutex<(bool, Option<Waker>)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            door: Mutex::new((false, None)),
        }
    }

    pub fn open(&self) {
        let mut door = self.door.lock().unwrap();
        door.0 = true;
        let waker = door.1.take();
        drop(door);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub async fn wait(&self) {
        poll_fn(|cx| {
            let mut door = self.door.lock().unwrap();
            if door.0 {
                return Poll::Ready(());
            }
            door.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}
