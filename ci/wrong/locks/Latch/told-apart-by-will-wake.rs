//! Those who wait are told apart by their wakers. Caught by `Latch::two_may_wait_in_one_task`, which says "told apart by `will_wake`".

pub struct Latch {
    door: Mutex<(bool, Vec<Waker>)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            door: Mutex::new((false, Vec::new())),
        }
    }

    pub fn open(&self) {
        let mut door = self.door.lock().unwrap();
        door.0 = true;
        let wakers = std::mem::take(&mut door.1);
        drop(door);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let mine = std::cell::RefCell::new(None::<Waker>);
        let forget = || {
            if let Some(mine) = mine.take() {
                let mut door = self.door.lock().unwrap();
                door.1.retain(|waker| !waker.will_wake(&mine));
            }
        };
        let _leave = OnDrop(forget);
        poll_fn(|cx| {
            forget();
            let mut door = self.door.lock().unwrap();
            if door.0 {
                return Poll::Ready(());
            }
            door.1.push(cx.waker().clone());
            mine.replace(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await
    }
}
