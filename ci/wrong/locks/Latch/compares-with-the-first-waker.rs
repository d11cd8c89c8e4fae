//! Replaces the stored waker when the new one is not that of the first poll. Caught by `Latch::wakes_the_latest_waker`, which says "compares its waker with that of the first poll".

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
        let mut first: Option<Waker> = None;
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open {
                return Poll::Ready(());
            }
            let is_first = first.as_ref().is_some_and(|first| first.will_wake(cx.waker()));
            if !is_first {
                state.waiters.set_waker(id, cx.waker());
                first.get_or_insert_with(|| cx.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, LatchState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
