//! A future that is dropped while another thread holds the lock leaves its waker behind. Caught by `Condition::a_dropped_waiter_leaves_no_waker_in_any_interleaving`, which says "`try_lock`".

#[derive(Debug)]
pub struct Condition<T> {
    state: Mutex<(T, Waiters)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiters::default())),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let (value, waiters) = &mut *state;
        let result = change(value);
        let wakers = waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.state().1.new_id();
        let _cleanup = OnDrop(|| {
            if let Ok(mut state) = self.state.try_lock() {
                state.1.remove(id);
            }
        });
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let Some(taken) = take(value) else {
                waiters.set_waker(id, cx.waker());
                return Poll::Pending;
            };
            let wakers = waiters.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, (T, Waiters)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
