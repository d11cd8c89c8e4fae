//! Opening wakes one waiter, and each waiter that is ready wakes the next one. Caught by `Latch::other_waiters_keep_their_wakers`, which says "whose task should wake the next".

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    pub fn open(&self) {
        let mut state = self.state();
        state.open = true;
        let first = state.waiters.wakers.pop_first();
        drop(state);
        if let Some((_, waker)) = first {
            waker.wake();
        }
    }

    pub async fn wait(&self) {
        let id = self.state().waiters.new_id();
        let _cleanup = OnDrop(|| self.state().waiters.remove(id));
        poll_fn(|cx| {
            let mut state = self.state();
            if state.open {
                state.waiters.remove(id);
                let next = state.waiters.wakers.pop_first();
                drop(state);
                if let Some((_, waker)) = next {
                    waker.wake();
                }
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
