//! Takes a second poll for a wake-up. Caught by `Latch::waits_until_it_is_open`, which says "a second poll is mistaken for a wake-up".

pub struct Latch {
    state: Mutex<LatchState>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    pub fn open(&self) {
        let mut state = self.state();
        state.open = true;
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let id = self.state().waiters.new_id();
        let _cleanup = OnDrop(|| self.state().waiters.remove(id));
        let mut polled_before = false;
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open || polled_before {
                return Poll::Ready(());
            }
            polled_before = true;
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
