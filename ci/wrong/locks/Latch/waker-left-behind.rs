//! Does nothing when a waiting future is dropped. Caught by `Latch::a_dropped_waiter_leaves_no_waker`, which says "nothing happens when a waiting future is dropped".

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
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open {
                return Poll::Ready(());
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
