//! Stores the waker before the check, and removes it only when a waiting future is dropped. Caught by `Latch::a_future_that_is_ready_stores_no_waker`, which says "before it checks".

#[derive(Debug)]
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
        let cleanup = OnDrop(|| self.state().waiters.remove(id));
        poll_fn(|cx| {
            let mut state = self.state();
            state.waiters.set_waker(id, cx.waker());
            if state.open {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
        std::mem::forget(cleanup);
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
