//! The value is taken out of the lock to be looked at, and meanwhile others find none. Caught by `Condition::nothing_is_taken_twice`, which says "a value can be missing here".

pub struct Condition<T> {
    state: Mutex<(Option<T>, Waiting)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((Some(value), Waiting::default())),
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
        let ticket = self.state.lock().unwrap().1.ticket();
        let _leave = OnDrop(|| self.state.lock().unwrap().1.forget(ticket));
        poll_fn(|cx| {
            let mut value = self.state.lock().unwrap().0.take().unwrap();
            let taken = take(&mut value);
            let mut state = self.state.lock().unwrap();
            state.0 = Some(value);
            let Some(taken) = taken else {
                state.1.keep(ticket, cx.waker());
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
