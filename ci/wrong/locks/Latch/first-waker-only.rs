//! Keeps the waker of the first poll. Caught by `Latch::wakes_the_latest_waker`, which says "the waker of the first poll was kept".

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
        let mut registered = false;
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open {
                return Poll::Ready(());
            }
            if !registered {
                state.waiters.set_waker(id, cx.waker());
                registered = true;
            }
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
