//! Calls `take`, stores the waker, and calls `take` again, as code without a lock would have to. Caught by `Condition::take_is_called_once_in_each_poll`, which says "once in each poll".

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
        let _cleanup = OnDrop(|| self.state().1.remove(id));
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let taken = take(value).or_else(|| {
                waiters.set_waker(id, cx.waker());
                take(value)
            });
            let Some(taken) = taken else {
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
