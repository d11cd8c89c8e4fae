//! The ids of waiters begin again after each change, so a waiter that is dropped late removes the waker of another one. Caught by `Condition::a_woken_waiter_that_is_dropped_takes_no_waker_along`, which says "ids are used again".

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
        let wakers = std::mem::take(waiters).take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.state().1.new_id();
        let _cleanup = OnDrop(|| self.state().1.remove(id));
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
