//! Has room for one waker. Caught by `Latch::opening_wakes_every_waiter`, which says "room for one waker".

pub struct Latch {
    state: Mutex<(bool, Option<Waker>)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::new((false, None)),
        }
    }

    pub fn open(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 = true;
        let waker = state.1.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub async fn wait(&self) {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}
