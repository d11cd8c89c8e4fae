//! Takes the value out of the lock to check it, and other calls find none. Caught by `Condition::nothing_is_taken_twice`, which says "a value can be missing here".

pub struct Condition<T> {
    state: Mutex<(Option<T>, Waiters)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((Some(value), Waiters::default())),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut value = self.state.lock().unwrap().0.take().unwrap();
        let result = change(&mut value);
        let mut state = self.state.lock().unwrap();
        state.0 = Some(value);
        let wakers = state.1.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.state.lock().unwrap().1.new_id();
        let _cleanup = OnDrop(|| self.state.lock().unwrap().1.remove(id));
        poll_fn(|cx| {
            let mut value = self.state.lock().unwrap().0.take().unwrap();
            let taken = take(&mut value);
            let mut state = self.state.lock().unwrap();
            state.0 = Some(value);
            let Some(taken) = taken else {
                state.1.set_waker(id, cx.waker());
                return Poll::Pending;
            };
            let wakers = state.1.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }
}
