//! A future that is dropped while another thread holds the lock leaves its waker behind. Caught by `Latch::a_dropped_waiter_leaves_no_waker_in_any_interleaving`, which says "`try_lock`".

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
        let _cleanup = OnDrop(|| {
            if let Ok(mut state) = self.state.try_lock() {
                state.waiters.remove(id);
            }
        });
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
